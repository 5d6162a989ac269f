"""Converts the digits network, checks its numbers, counts what the evaluator gets right, and says what to type next."""
import json
import pathlib
import subprocess
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
TOUCANET = pathlib.Path(sys.executable).parent / "toucanet"
GRAPH = HERE / "digits" / "training_graph.pb"
MODEL = ROOT / "build" / "digits.tflite"


def main() -> int:
    import toucanet

    print(f"$ toucanet convert {GRAPH.relative_to(ROOT)} -o {MODEL.relative_to(ROOT)} --inputs input --outputs softmax", flush=True)
    done = subprocess.run(
        [TOUCANET, "convert", GRAPH, "-o", MODEL, "--inputs", "input", "--outputs", "softmax", "--json"],
        stdout=subprocess.PIPE, text=True, check=False)
    report = json.loads(done.stdout)
    if done.returncode:
        return done.returncode
    counts = ", ".join(f"{n} {op}" for op, n in report["operator_counts"].items())
    print(f"\nsize        {GRAPH.stat().st_size:,} bytes -> {report['bytes']:,} bytes")
    print(f"operators   {report['source_nodes']} nodes -> {report['operators']}: {counts}")
    if not report["verified"]:
        print("the numbers were not verified")
        return 1
    images = np.load(HERE / "digits" / "images.npy")
    labels = np.load(HERE / "digits" / "labels.npy")
    got = toucanet.evaluate(MODEL.read_bytes(), {"input": images})["softmax"].argmax(axis=1)
    right = int((got == labels).sum())
    print(f"accuracy    {right} of {len(labels)} held-back digits ({100 * right / len(labels):.1f} %), by the plain evaluator")
    if right < 0.97 * len(labels):
        print("fewer than 97 % are right")
        return 1
    graph, model = GRAPH.relative_to(ROOT), MODEL.relative_to(ROOT)
    print("\nnext:")
    print(f"  .venv/bin/toucanet explain {graph} --outputs softmax            what each rewrite did")
    print(f"  .venv/bin/toucanet explain {graph} --outputs softmax --node conv1_bn/FusedBatchNormV3")
    print(f"  .venv/bin/toucanet inspect {model}")
    print("  .venv/bin/toucanet convert YOUR_GRAPH.pb -o YOUR_MODEL.tflite")
    return 0


if __name__ == "__main__":
    sys.exit(main())
