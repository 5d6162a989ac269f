"""Runs cases in TensorFlow (its own process): folders of cases on stdin, `tensorflow.npz` and `.json` into each.

A graph with random ops runs twice with different seeds: outputs that differ depend on them.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np
import tensorflow as tf


def run(graph_def, inputs, outputs):
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name="")
        fetch = [graph.get_tensor_by_name(name if ":" in name else name + ":0") for name in outputs]
        feed = {name + ":0": value for name, value in inputs.items()}
        options = tf.compat.v1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
        with tf.compat.v1.Session(graph=graph, config=options) as session:
            return [np.asarray(value) for value in session.run(fetch, feed)]


def with_seed(graph_def, names, seed):
    copy = tf.compat.v1.GraphDef()
    copy.CopyFrom(graph_def)
    for node in copy.node:
        if node.name in names:
            for key in ("seed", "seed2"):
                if key in node.attr:
                    node.attr[key].i = seed
    return copy


def same(first, second):
    return all(
        a.shape == b.shape and np.allclose(a.astype(float), b.astype(float), 1e-6, 1e-6, equal_nan=True)
        for a, b in zip(first, second)
    )


def work(folder):
    with open(os.path.join(folder, "case.json")) as file:
        case = json.load(file)
    with np.load(os.path.join(folder, "inputs.npz")) as file:
        values = [file[f"i{k}"] for k in range(len(file.files))]
    inputs = {item["name"]: value for item, value in zip(case["inputs"], values)}
    graph_def = tf.compat.v1.GraphDef()
    with open(case["graph"], "rb") as file:
        graph_def.ParseFromString(file.read())
    result = {"error": "", "random": False}
    try:
        outputs = run(graph_def, inputs, case["outputs"])
        if any(value.dtype.kind not in "fiub" for value in outputs):
            raise TypeError("an output is not numbers: " + ", ".join(str(value.dtype) for value in outputs))
        if case["random_nodes"]:
            seeded = [with_seed(graph_def, case["random_nodes"], seed) for seed in (11, 23)]
            result["random"] = not same(*(run(copy, inputs, case["outputs"]) for copy in seeded))
        np.savez(os.path.join(folder, "tensorflow.npz"), **{f"t{k}": value for k, value in enumerate(outputs)})
    except Exception as error:  # what TensorFlow cannot run is a result too
        lines = [line for line in str(error).splitlines() if line.strip() and "Graph execution error" not in line]
        lines = [line for line in lines if not line.startswith(("Detected at", "Node:"))] or lines or [""]
        result["error"] = f"{type(error).__name__}: {lines[0]}"[:300]
        result["random"] = bool(case["random_nodes"])
    with open(os.path.join(folder, "tensorflow.json"), "w") as file:
        json.dump(result, file)


if __name__ == "__main__":
    for line in sys.stdin:
        work(line.rstrip("\n"))
        print(line.rstrip("\n"), flush=True)
