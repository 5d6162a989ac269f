"""One graph to convert, with its inputs and the numbers its outputs must give.

A case lies in a folder of the cache: `case.json`, `inputs.npz` (i0, i1, ...), `recorded.npz` (r0, r1, ... as the
suite wrote them down) and `tensorflow.npz` (t0, t1, ... as TensorFlow gives them today, see reference.py).
"""

import dataclasses
import hashlib
import json
import os

import numpy as np

import graphs


@dataclasses.dataclass
class Case:
    suite: str
    name: str
    folder: str
    graph: str = ""  # path of the GraphDef
    inputs: list = dataclasses.field(default_factory=list)  # {"name", "dtype", "shape"}
    outputs: list = dataclasses.field(default_factory=list)  # tensor names
    shapes: str = None  # the value of --shapes, None where the graph states them all
    operators: list = dataclasses.field(default_factory=list)  # TensorFlow ops the outputs need
    outside: list = dataclasses.field(default_factory=list)  # those not in scope.txt
    channels_first: bool = False
    random_nodes: list = dataclasses.field(default_factory=list)
    expect: str = "right"  # or "refused"
    most_operators: int | None = None  # of the .tflite file
    problem: str = ""  # why the case cannot be judged

    @property
    def id(self):
        return f"{self.suite}/{self.name}"

    def path(self, name):
        return os.path.join(self.folder, name)

    def save(self, inputs, recorded):
        os.makedirs(self.folder, exist_ok=True)
        np.savez(self.path("inputs.npz"), **{f"i{k}": value for k, value in enumerate(inputs)})
        if recorded is not None:
            np.savez(self.path("recorded.npz"), **{f"r{k}": value for k, value in enumerate(recorded)})
        with open(self.path("case.json"), "w") as file:
            json.dump(dataclasses.asdict(self), file, indent=1)
        self.forget_stale(inputs)

    def forget_stale(self, inputs):
        """Removes what TensorFlow said about another graph, other inputs or other outputs."""
        digest = hashlib.sha256(json.dumps([self.inputs, self.outputs]).encode())
        with open(self.graph, "rb") as file:
            digest.update(file.read())
        for value in inputs:
            digest.update(value.tobytes())
        digest, kept = digest.hexdigest(), ""
        if os.path.exists(self.path("digest")):
            with open(self.path("digest")) as file:
                kept = file.read()
        if kept != digest:
            for name in ("tensorflow.json", "tensorflow.npz"):
                if os.path.exists(self.path(name)):
                    os.remove(self.path(name))
            with open(self.path("digest"), "w") as file:
                file.write(digest)

    def arrays(self, name, letter):
        """The arrays of one .npz in order, or None."""
        if not os.path.exists(self.path(name)):
            return None
        with np.load(self.path(name)) as file:
            return [file[f"{letter}{k}"] for k in range(len(file.files))]

    def look(self, graph, scope):
        """Fills in what the graph says: operators, layout, random nodes."""
        nodes = graphs.needed(graph, self.outputs, [item["name"] for item in self.inputs])
        fed = {graphs.split_tensor(item["name"])[0] for item in self.inputs}
        nodes = [node for node in nodes if node.name not in fed]
        self.operators = sorted({node.op for node in nodes})
        self.outside = [op for op in self.operators if op not in scope]
        self.channels_first = any(graphs.is_channels_first(node) for node in nodes)
        self.random_nodes = [node.name for node in nodes if graphs.is_random(node)]


def shapes_argument(shapes):
    """The value of --shapes: entries separated by colons, an empty one is a scalar."""
    return ":".join(",".join(str(size) for size in shape) for shape in shapes)
