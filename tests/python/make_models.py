"""Writes models/*.tflite, the small files of test_interpreter.py: run it with a Python that has ai-edge-litert."""
import os

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "models")
TYPES = {"float32": 0, "int32": 2, "string": 5, "bool": 6, "int8": 9, "resource": 13}
BUILTIN, OPTIONS = schema.BuiltinOperator, schema.BuiltinOptions


class File:
    """A model in the making: graphs, constants and operator codes."""

    def __init__(self):
        self.model = schema.ModelT()
        self.model.version, self.model.description = 3, b"made by make_models.py"
        self.model.operatorCodes, self.model.subgraphs, self.model.signatureDefs = [], [], []
        self.model.buffers = [schema.BufferT()]

    def graph(self, name):
        g = schema.SubGraphT()
        g.name, g.tensors, g.operators, g.inputs, g.outputs = name.encode(), [], [], [], []
        self.model.subgraphs.append(g)
        return g

    def tensor(self, graph, name, dtype, shape, data=None, signature=None):
        t = schema.TensorT()
        t.name, t.type, t.shape, t.buffer, t.hasRank = name.encode(), TYPES[dtype], list(shape), 0, True
        if signature:
            t.shapeSignature = signature
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(np.asarray(data, dtype).tobytes(), np.uint8)
            t.buffer = len(self.model.buffers)
            self.model.buffers.append(buffer)
        graph.tensors.append(t)
        return len(graph.tensors) - 1

    def code(self, builtin, custom=None):
        for i, c in enumerate(self.model.operatorCodes):
            if (c.builtinCode, c.customCode) == (builtin, custom):
                return i
        c = schema.OperatorCodeT()
        c.builtinCode, c.deprecatedBuiltinCode, c.version, c.customCode = builtin, min(builtin, 127), 1, custom
        self.model.operatorCodes.append(c)
        return len(self.model.operatorCodes) - 1

    def operator(self, graph, name, inputs, outputs, options=None, custom=None, custom_options=None):
        op = schema.OperatorT()
        op.opcodeIndex = self.code(getattr(BUILTIN, name), custom)
        op.inputs, op.outputs = inputs, outputs
        if options is not None:
            op.builtinOptionsType, op.builtinOptions = getattr(OPTIONS, type(options).__name__[:-1]), options
        if custom_options:
            op.customOptions = np.frombuffer(custom_options, np.uint8)
        graph.operators.append(op)

    def signature(self, key, graph, inputs, outputs):
        s = schema.SignatureDefT()
        s.signatureKey, s.subgraphIndex = key.encode(), graph

        def maps(named):
            made = []
            for name, index in named.items():
                m = schema.TensorMapT()
                m.name, m.tensorIndex = name.encode(), index
                made.append(m)
            return made

        s.inputs, s.outputs = maps(inputs), maps(outputs)
        self.model.signatureDefs.append(s)

    def write(self, name):
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        with open(os.path.join(FOLDER, name), "wb") as f:
            f.write(builder.Output())


def dense():
    """softmax(relu(x·w + b)) of any batch: three operators, two tensors between them."""
    f = File()
    g = f.graph("main")
    rng = np.random.default_rng(3)
    x = f.tensor(g, "x", "float32", [1, 4], signature=[-1, 4])
    w = f.tensor(g, "w", "float32", [3, 4], rng.normal(size=(3, 4)))
    b = f.tensor(g, "b", "float32", [3], [0.5, -0.5, 0.25])
    d, r, y = (f.tensor(g, n, "float32", [1, 3], signature=[-1, 3]) for n in ("dense", "relu", "y"))
    f.operator(g, "FULLY_CONNECTED", [x, w, b], [d], schema.FullyConnectedOptionsT())
    f.operator(g, "RELU", [d], [r])
    softmax = schema.SoftmaxOptionsT()
    softmax.beta = 1.0
    f.operator(g, "SOFTMAX", [r], [y], softmax)
    g.inputs, g.outputs = [x], [y]
    f.write("dense.tflite")


def signatures():
    """add: x + 10; multiply: x·y."""
    f = File()
    g = f.graph("add")
    x, c, y = f.tensor(g, "add_x", "float32", [1], signature=[-1]), f.tensor(g, "ten", "float32", [1], [10]), f.tensor(g, "sum", "float32", [1], signature=[-1])
    f.operator(g, "ADD", [x, c], [y], schema.AddOptionsT())
    g.inputs, g.outputs = [x], [y]
    f.signature("add", 0, {"x": x}, {"result": y})
    g = f.graph("multiply")
    x, v, y = (f.tensor(g, n, "float32", [2]) for n in ("left", "right", "product"))
    f.operator(g, "MUL", [x, v], [y], schema.MulOptionsT())
    g.inputs, g.outputs = [x, v], [y]
    f.signature("multiply", 1, {"x": x, "y": v}, {"product": y})
    f.write("signatures.tflite")


def custom():
    """Twice(x), then + 1."""
    f = File()
    g = f.graph("main")
    x, t, c, y = f.tensor(g, "x", "float32", [2]), f.tensor(g, "t", "float32", [2]), f.tensor(g, "one", "float32", [1], [1]), f.tensor(g, "y", "float32", [2])
    f.operator(g, "CUSTOM", [x], [t], custom=b"Twice", custom_options=b"factor 2")
    f.operator(g, "ADD", [t, c], [y], schema.AddOptionsT())
    g.inputs, g.outputs = [x], [y]
    f.write("custom.tflite")


def counter():
    """A variable that each run adds x to; it begins with 0, by CALL_ONCE."""
    f = File()

    def variable(g):
        v, options = f.tensor(g, "v", "resource", [1]), schema.VarHandleOptionsT()
        options.container, options.sharedName = b"", b"v"
        f.operator(g, "VAR_HANDLE", [], [v], options)
        return v

    g = f.graph("main")
    once = schema.CallOnceOptionsT()
    once.initSubgraphIndex = 1
    f.operator(g, "CALL_ONCE", [], [], once)
    v = variable(g)
    x, old, new = (f.tensor(g, n, "float32", [1]) for n in ("x", "old", "new"))
    f.operator(g, "READ_VARIABLE", [v], [old], schema.ReadVariableOptionsT())
    f.operator(g, "ADD", [old, x], [new], schema.AddOptionsT())
    f.operator(g, "ASSIGN_VARIABLE", [v, new], [], schema.AssignVariableOptionsT())
    g.inputs, g.outputs = [x], [new]
    i = f.graph("init")
    v = variable(i)
    f.operator(i, "ASSIGN_VARIABLE", [v, f.tensor(i, "zero", "float32", [1], [0])], [], schema.AssignVariableOptionsT())
    f.write("counter.tflite")


def words():
    """Strings as a column, and where they are equal to others."""
    f = File()
    g = f.graph("main")
    x, z, n = f.tensor(g, "x", "string", [2]), f.tensor(g, "z", "string", [2]), f.tensor(g, "n", "int32", [2], [2, 1])
    y, e = f.tensor(g, "y", "string", [2, 1]), f.tensor(g, "e", "bool", [2])
    f.operator(g, "EQUAL", [x, z], [e], schema.EqualOptionsT())
    f.operator(g, "RESHAPE", [x, n], [y], schema.ReshapeOptionsT())
    g.inputs, g.outputs = [x, z], [y, e]
    f.write("words.tflite")


def repeated_words():
    """Strings, twice over: not there yet."""
    f = File()
    g = f.graph("main")
    x, n, y = f.tensor(g, "x", "string", [2]), f.tensor(g, "n", "int32", [1], [2]), f.tensor(g, "y", "string", [4])
    f.operator(g, "TILE", [x, n], [y], schema.TileOptionsT())
    g.inputs, g.outputs = [x], [y]
    f.write("repeated_words.tflite")


def branches():
    """IF a tensor decides: x + 10 or x·x; the graphs of its branches have no signature."""
    f = File()
    g = f.graph("main")
    c = f.tensor(g, "c", "bool", [])
    x, y = f.tensor(g, "x", "float32", [2]), f.tensor(g, "y", "float32", [2])
    options = schema.IfOptionsT()
    options.thenSubgraphIndex, options.elseSubgraphIndex = 1, 2
    f.operator(g, "IF", [c, x], [y], options)
    g.inputs, g.outputs = [c, x], [y]
    for name, op, made in (("then", "ADD", schema.AddOptionsT()), ("else", "MUL", schema.MulOptionsT())):
        b = f.graph(name)
        x, y = f.tensor(b, "x", "float32", [2]), f.tensor(b, "y", "float32", [2])
        other = f.tensor(b, "ten", "float32", [1], [10]) if op == "ADD" else x
        f.operator(b, op, [x, other], [y], made)
        b.inputs, b.outputs = [x], [y]
    f.write("branches.tflite")


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    for make in (dense, signatures, custom, counter, words, repeated_words, branches):
        make()
