"""Converts the digits network, checks its numbers, quantises it twice, compares size, accuracy and time, and says what to type next."""
import json
import pathlib
import shlex
import subprocess
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
TOUCANET = pathlib.Path(sys.executable).parent / "toucanet"
CALIBRATION_DIGITS = 60  # the first held-back digits; the others are the test


def toucanet(line: str, shown: bool = True) -> dict:
    """The JSON report of a command, run in the project's folder. Exits with its code where it fails."""
    if shown:
        print(f"$ toucanet {line}", flush=True)
    done = subprocess.run([TOUCANET, *shlex.split(line), "--json"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        print(done.stdout)
        sys.exit(done.returncode)
    return json.loads(done.stdout)


def main() -> int:
    graph, data, build = "demo/digits/training_graph.pb", "demo/digits/images.npy", ROOT / "build"
    converted = toucanet(f"convert {graph} -o build/digits.tflite --inputs input --outputs softmax")
    counts = ", ".join(f"{n} {op}" for op, n in converted["operator_counts"].items())
    print(f"operators   {converted['source_nodes']} nodes -> {converted['operators']}: {counts}")
    if not converted["verified"]:
        print("the numbers were not verified")
        return 1
    print(f"checked     {converted['verification']['largest_difference']:.1e} largest difference from the graph\n")

    np.save(build / "calibration.npy", np.load(ROOT / data)[:CALIBRATION_DIGITS])
    toucanet("quantize build/digits.tflite -o build/digits_dynamic.tflite --mode dynamic_range")
    toucanet("quantize build/digits.tflite -o build/digits_int8.tflite --mode int8 --calibration build/calibration.npy")
    models = ["build/digits.tflite", "build/digits_dynamic.tflite", "build/digits_int8.tflite"]
    measured = toucanet(f"evaluate {' '.join(models)} --data {data} --labels demo/digits/labels.npy --skip {CALIBRATION_DIGITS}")

    print(f"\n{'':<14}{'bytes':>9}{'right':>9}{'as float':>10}{'µs a run':>10}     of {measured['samples']} digits, none of them calibrated with")
    print(f"{'frozen graph':<14}{(ROOT / graph).stat().st_size:>9,}")
    for name, m in zip(["float", "dynamic range", "int8"], measured["models"]):
        print(f"{name:<14}{m['bytes']:>9,}{100 * m['top1']:>7.1f} %{100 * m['agreement']:>8.1f} %{1000 * m['milliseconds']:>10.1f}")
        if m["top1"] < 0.97:
            print(f"{name}: fewer than 97 % are right")
            return 1

    report = "build/digits_int8.html"
    toucanet(f"compare {models[0]} {models[2]} --data {data} --html {report}", shown=False)
    print(f"\nreport      {ROOT / report}: what each layer lost, to open in a browser")
    print("\nnext:")
    print(f"  .venv/bin/toucanet explain {graph} --outputs softmax            what each rewrite did")
    print(f"  .venv/bin/toucanet explain {graph} --outputs softmax --node conv1_bn/FusedBatchNormV3")
    print(f"  .venv/bin/toucanet explain ranges {models[2]}                 where each range came from")
    print(f"  .venv/bin/toucanet explain kernels {models[2]}                which kernel runs each operator")
    print("  .venv/bin/toucanet convert YOUR_GRAPH.pb -o YOUR_MODEL.tflite")
    return 0


if __name__ == "__main__":
    sys.exit(main())
