#!/bin/bash
# Lines of the readers that the fuzzers' corpora reach. usage: tools/fuzz_coverage.sh [build/sanitized] [least percent]
set -euo pipefail
build=${1:-build/sanitized} least=${2:-80}
profiles=()
for f in graphdef tflite text run; do
  mkdir -p "$build/work/$f"
  LLVM_PROFILE_FILE="$build/$f.profraw" "$build/tests/fuzz/fuzz_$f" -runs=0 -verbosity=0 -entropic=0 "$build/work/$f" "$build/corpus/${f/run/tflite}" 2>/dev/null
  profiles+=("$build/$f.profraw")
done
llvm-profdata merge -o "$build/fuzz.profdata" "${profiles[@]}"
objects=("$build/tests/fuzz/fuzz_graphdef" -object "$build/tests/fuzz/fuzz_tflite" -object "$build/tests/fuzz/fuzz_text" -object "$build/tests/fuzz/fuzz_run")
llvm-cov export -summary-only -instr-profile "$build/fuzz.profdata" "${objects[@]}" |
  python3 -c '
import json, sys
least, bad, all_lines, all_covered = float(sys.argv[1]), 0, 0, 0
for f in json.load(sys.stdin)["data"][0]["files"]:
    name = f["filename"].split("/src/")[-1]
    if not name.endswith(".cpp"): continue
    lines = f["summary"]["lines"]
    print("%5.1f %%  %4d of %4d  %s" % (lines["percent"], lines["covered"], lines["count"], name))
    bad += lines["percent"] < least
    all_lines, all_covered = all_lines + lines["count"], all_covered + lines["covered"]
print("%5.1f %%  together" % (100 * all_covered / max(1, all_lines)))
sys.exit(1 if bad else 0)' "$least"
