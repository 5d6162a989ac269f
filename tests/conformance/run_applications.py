#!/usr/bin/env python3
"""Converts Keras's applications and compares with TensorFlow: numbers (both files in LiteRT), operators, bytes (see README.md)."""

import json
import os
import subprocess
import sys

import judge
import numpy as np
import report
from ai_edge_litert.interpreter import Interpreter

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
TITLE = "# Keras applications"


def operators_of(path):
    return sum(op["op_name"] != "DELEGATE" for op in Interpreter(path)._get_ops_details())  # before the delegate takes them


def run(path, x):
    """The result of the file's one signature's one output, and how many operators the file has."""
    interpreter = Interpreter(path)
    index = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(index, x.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(index, x)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"]), operators_of(path)


def application(name, folder, converter):
    numbers = np.load(os.path.join(folder, "numbers.npz"))
    ours, theirs = (os.path.join(folder, file) for file in ("toucanet.tflite", "tensorflow.tflite"))
    done = subprocess.run([converter, "convert", os.path.join(folder, "graph.pb"), "-o", ours, "--inputs", str(numbers["input"]),
                           "--outputs", str(numbers["output"]), "--json"], capture_output=True, text=True)
    answer = json.loads(done.stdout)
    if not answer["ok"]:
        return {"name": name, "problem": answer["errors"][0]["message"]}
    y, operators = run(ours, numbers["x"])
    try:
        their_y, their_operators = run(theirs, numbers["x"])
    except RuntimeError:  # TensorFlow's file does not run on a batch of two
        their_y, their_operators = None, operators_of(theirs)
    problem, largest = judge.compare(numbers["y"], y, "float32")
    return {"name": name, "problem": problem or ("" if answer["verified"] else "not verified"), "nodes": answer["source_nodes"],
            "operators": operators, "their_operators": their_operators, "bytes": os.path.getsize(ours), "their_bytes": os.path.getsize(theirs),
            "largest": largest, "their_largest": "does not run" if their_y is None else f"{judge.compare(numbers['y'], their_y, 'float32')[1]:.1e}"}


def text(rows):
    head = ["network", "TensorFlow nodes", "operators", "TensorFlow's", "bytes", "TensorFlow's", "largest difference", "TensorFlow's", ""]
    cells = [[r["name"]] + ([""] * 7 if "nodes" not in r else [
        r["nodes"], r["operators"], r["their_operators"], f"{r['bytes']:,}", f"{r['their_bytes']:,}", f"{r['largest']:.1e}", r["their_largest"]])
        + [r["problem"]] for r in rows]
    return [TITLE, "", "Made by `make conformance-applications`; do not edit. Networks of `tf.keras.applications`, and small ones of common layers, with random weights,",
            "frozen, converted by Toucanet and by TensorFlow 2.15.1; both files run in LiteRT on two samples. Differences are from TensorFlow's own results.", "",
            *report.table(head, cells), ""]


def main():
    cache = os.path.expanduser(os.environ.get("TOUCANET_CACHE", "~/.cache/toucanet"))
    oracle = os.environ.get("TOUCANET_ORACLE_DIR", os.path.join(ROOT, ".oracle"))
    converter = os.environ.get("TOUCANET", os.path.join(ROOT, ".venv", "bin", "toucanet"))
    folder = os.path.join(cache, "applications")
    subprocess.run([os.path.join(oracle, "tf215", "bin", "python"), os.path.join(HERE, "make_applications.py"), folder], check=True, stderr=subprocess.DEVNULL)
    rows = [application(name, os.path.join(folder, name), converter) for name in sorted(os.listdir(folder))]
    lines = text(rows)
    report.replace_part(os.path.join(ROOT, "doc", "conformance.md"), TITLE, lines)
    print("\n".join(lines))
    worse = [r["name"] for r in rows if r["problem"] or r["operators"] > r["their_operators"] or r["bytes"] > r["their_bytes"]]
    if worse:
        print("not right, or larger than TensorFlow's: " + ", ".join(worse))
    return bool(worse)


if __name__ == "__main__":
    sys.exit(main())
