"""Reading GraphDefs: what the outputs need, what stands in the way, inputs as placeholders."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from tensorflow.core.framework import graph_pb2, types_pb2

HERE = os.path.dirname(os.path.abspath(__file__))

NUMPY = {
    types_pb2.DT_FLOAT: "float32",
    types_pb2.DT_DOUBLE: "float64",
    types_pb2.DT_HALF: "float16",
    types_pb2.DT_INT8: "int8",
    types_pb2.DT_INT16: "int16",
    types_pb2.DT_INT32: "int32",
    types_pb2.DT_INT64: "int64",
    types_pb2.DT_UINT8: "uint8",
    types_pb2.DT_UINT16: "uint16",
    types_pb2.DT_UINT32: "uint32",
    types_pb2.DT_UINT64: "uint64",
    types_pb2.DT_BOOL: "bool",
}

CHANNELS_FIRST = {"NCHW", "NCW", "NCDHW", "NCHW_VECT_C"}


def load(path):
    graph = graph_pb2.GraphDef()
    with open(path, "rb") as file:
        graph.ParseFromString(file.read())
    return graph


def scope():
    with open(os.path.join(HERE, "scope.txt")) as file:
        return {line.split("#")[0].strip() for line in file} - {""}


def split_tensor(name):
    """`node:k` -> (node, k); a control input `^node` -> (node, 0)."""
    node, _, port = name.lstrip("^").partition(":")
    return node, int(port or 0)


def find_tensor(nodes, name):
    """The recorded name of a tensor is `node` or `node.k`."""
    if name in nodes:
        return name
    node, _, port = name.rpartition(".")
    if node in nodes and port.isdigit():
        return node if port == "0" else f"{node}:{port}"
    return None


def needed(graph, outputs, inputs=()):
    """Nodes the outputs need: backwards from them, not past the inputs."""
    nodes = {node.name: node for node in graph.node}
    stop = {split_tensor(name)[0] for name in inputs}
    seen, stack = {}, [split_tensor(name)[0] for name in outputs]
    while stack:
        name = stack.pop()
        if name in seen or name not in nodes:
            continue
        seen[name] = nodes[name]
        if name not in stop:
            stack.extend(split_tensor(source)[0] for source in nodes[name].input)
    return list(seen.values())


def is_channels_first(node):
    return "data_format" in node.attr and node.attr["data_format"].s.decode() in CHANNELS_FIRST


def is_random(node):
    return node.op.startswith(("Random", "Multinomial", "TruncatedNormal", "ParameterizedTruncated", "Stateless"))


def attribute_shape(node):
    """The shape a placeholder states: None where the rank is unknown, -1 for an unknown dimension."""
    if "shape" not in node.attr or node.attr["shape"].shape.unknown_rank:
        return None
    return [dim.size for dim in node.attr["shape"].shape.dim]


def const_to_placeholder(node, value):
    """Turns a Const into a Placeholder of the same name, type and shape."""
    dtype = node.attr["dtype"].type
    node.op = "Placeholder"
    del node.input[:]
    node.attr.clear()
    node.attr["dtype"].type = dtype
    shape = node.attr["shape"].shape
    shape.SetInParent()
    for size in value.shape:
        shape.dim.add().size = size


def random_values(seed, dtype, shape):
    """Seeded numbers in a range most networks are made for."""
    generator = np.random.default_rng(seed)
    if dtype == "bool":
        return generator.integers(0, 2, shape).astype(bool)
    if np.dtype(dtype).kind in "iu":
        return np.asarray(generator.integers(0, 5, shape)).astype(dtype)
    return np.asarray(generator.uniform(-1, 1, shape)).astype(dtype)
