"""Suite dl4j: small frozen TensorFlow 1 graphs with recorded inputs and outputs."""

import os
import subprocess

import numpy as np
from tensorflow.python.framework import tensor_util

import graphs
from case import Case, shapes_argument

# Arrays are recorded with 8 digits after the point ("%.8f"), scalars with all digits of the type: the rounding error
# of at most 5e-9 is far below the tolerance of judge.py, which therefore needs no allowance for it.
END = ".prediction.csv"


def unpack(shared, cache):
    folder = os.path.join(cache, "dl4j")
    done = os.path.join(folder, ".unpacked")
    archive = os.path.join(shared, "suites", "dl4j", "graphs.tar.xz")
    if not os.path.exists(done):
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["tar", "xJf", archive, "-C", folder], check=True)
        open(done, "w").close()
    return folder


def read_recorded(base):
    """`base`.csv and .shape -> array of float64 (bools as 0 and 1)."""
    with open(base + ".shape") as file:
        shape = [int(word) for word in file.read().split()]
    with open(base + ".csv") as file:
        words = file.read().split()
    values = np.array([{"True": 1.0, "False": 0.0}.get(word) if word[:1] in "TF" else float(word) for word in words])
    if shape in ([], [0]) and len(words) == 1:
        shape = []  # a scalar is written with the shape 0
    return values.reshape(shape)


def recorded_outputs(folder, nodes):
    found = {}
    for place, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if name.endswith(END):
                base = os.path.join(place, name[: -len(END)])
                tensor = graphs.find_tensor(nodes, os.path.relpath(base, folder))
                if tensor:
                    found[tensor] = base + ".prediction"
    return found


def recorded_batch(graph, node, source, default):
    """The batch the suite ran with: first dimension of the nearest recorded tensor that has the placeholder's shape."""
    stated = graphs.attribute_shape(node)
    seen = [node.name]
    for name in seen:  # grows: breadth first along the users
        path = os.path.join(source, name.replace("/", "____") + ".0.prediction_inbw.shape")
        if os.path.exists(path):
            with open(path) as file:
                shape = [int(word) for word in file.read().split()]
            if len(shape) == len(stated) and all(size in (-1, real) for size, real in zip(stated, shape)):
                return shape[0]
        seen += [user.name for user in graph.node if name in user.input and user.name not in seen]
    return default


def placeholder_inputs(graph, placeholders, source):
    """Inputs of a graph that recorded none: seeded numbers, in the shapes the suite ran with."""
    stated = [graphs.attribute_shape(node) for node in placeholders]
    shapes = [
        [recorded_batch(graph, node, source, 2) if size < 0 else size for size in shape]
        for node, shape in zip(placeholders, stated)
    ]
    types = [graphs.NUMPY[node.attr["dtype"].type] for node in placeholders]
    values = [graphs.random_values(k, dtype, shape) for k, (dtype, shape) in enumerate(zip(types, shapes))]
    return values, shapes_argument(shapes) if any(-1 in shape for shape in stated) else None


def make_case(name, source, folder, scope):
    graph = graphs.load(os.path.join(source, "frozen_model.pb"))
    nodes = {node.name: node for node in graph.node}
    case = Case("dl4j", name, folder, os.path.join(folder, "graph.pb"))
    recorded = recorded_outputs(source, nodes)
    case.outputs = list(recorded)
    if not recorded:
        case.problem = "no recorded output"
    expected = [read_recorded(base) for base in recorded.values()]

    reachable = {node.name for node in graphs.needed(graph, case.outputs)}
    values, inputs = [], []
    for node in graph.node:
        if node.op == "Const" and node.name.startswith("in_") and node.name[3:].isdigit() and node.name in reachable:
            value = np.asarray(tensor_util.MakeNdarray(node.attr["value"].tensor))
            graphs.const_to_placeholder(node, value)
            inputs.append(node)
            values.append(value)
    placeholders = [node for node in graph.node if node.op == "Placeholder" and node.name in reachable]
    if len(placeholders) > len(inputs):  # the suite recorded no inputs: only TensorFlow can say what is right
        inputs = placeholders
        values, case.shapes = placeholder_inputs(graph, placeholders, source)
        expected = None
    case.inputs = [
        {"name": node.name, "dtype": str(value.dtype), "shape": list(value.shape)}
        for node, value in zip(inputs, values)
    ]
    case.look(graph, scope)
    os.makedirs(folder, exist_ok=True)
    with open(case.graph, "wb") as file:
        file.write(graph.SerializeToString())
    case.save(values, expected)
    return case


def cases(shared, cache, work, scope):
    root = unpack(shared, cache)
    for place, folders, names in os.walk(root):
        folders.sort()
        if "frozen_model.pb" in names:
            name = os.path.relpath(place, root)
            yield make_case(name, place, os.path.join(work, "dl4j", name), scope)
