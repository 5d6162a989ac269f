#!/usr/bin/env bash
# One fuzzer (graphdef, tflite, text, run, calibration) for some seconds; its output is shown where it finds something.
set -u
name=$1 seconds=$2 build=build/sanitized
mkdir -p "$build/work/$name"
echo "fuzz_$name for $seconds s"
LLVM_PROFILE_FILE=$build/run_$name.profraw "$build/tests/fuzz/fuzz_$name" -seed=1 -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4000 \
  -max_len=65536 -entropic=0 -print_final_stats=0 -verbosity=0 -print_funcs=0 -artifact_prefix="$build/" "$build/work/$name" "$build/corpus/${name/run/tflite}" >"$build/$name.log" 2>&1 && exit 0
cat "$build/$name.log"
exit 1
