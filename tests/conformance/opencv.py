"""Suite opencv: small networks with an input and an output as .npy, kept channels first whatever the graph is."""

import glob
import os

import numpy as np

import graphs
from case import Case, shapes_argument

END = "_net.pb"


def cases(shared, cache, work, scope):
    root = os.path.join(shared, "suites", "opencv")
    for path in sorted(glob.glob(os.path.join(root, "*" + END))):
        name = os.path.basename(path)[: -len(END)]
        graph = graphs.load(path)
        used = {graphs.split_tensor(source)[0] for node in graph.node for source in node.input}
        case = Case("opencv", name, os.path.join(work, "opencv", name), path)
        case.outputs = [node.name for node in graph.node if node.name not in used and node.op != "Placeholder"]

        reachable = graphs.needed(graph, case.outputs)
        nchw = any(graphs.is_channels_first(node) for node in reachable)
        given, expected = (np.load(f"{path[:-len(END)]}_{end}.npy") for end in ("in", "out"))
        if not nchw:
            given, expected = (np.transpose(a, (0, 2, 3, 1)) if a.ndim == 4 else a for a in (given, expected))

        values, stated = [], []
        for node in (node for node in reachable if node.op == "Placeholder"):
            dtype = graphs.NUMPY[node.attr["dtype"].type]
            value = np.zeros([], "bool") if dtype == "bool" else np.ascontiguousarray(given).astype(dtype)
            case.inputs.append({"name": node.name, "dtype": dtype, "shape": list(value.shape)})
            values.append(value)
            stated.append(graphs.attribute_shape(node))
        if any(shape is None or -1 in shape for shape in stated):
            case.shapes = shapes_argument([value.shape for value in values])
        case.look(graph, scope)
        case.save(values, [np.ascontiguousarray(expected)])
        yield case
