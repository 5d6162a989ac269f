"""Builds single-operator .tflite files by hand and the inputs to run them with."""

import os
import re
import zlib

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from kernel_grid import versions

CACHE = os.path.expanduser(os.environ.get('TOUCANET_CACHE', '~/.cache/toucanet'))
TYPES = {'float32': 0, 'float16': 1, 'int32': 2, 'uint8': 3, 'int64': 4, 'bool': 6, 'int16': 7, 'int8': 9, 'resource': 13}
ACTIVATIONS = {'none': 0, 'relu': 1, 'relu_n1_to_1': 2, 'relu6': 3, 'tanh': 4, 'sign_bit': 5}
SAMPLES = ['random', 'low', 'high', 'mixed']
OPTION_NAMES = {
    'CONV_2D': 'Conv2DOptions', 'DEPTHWISE_CONV_2D': 'DepthwiseConv2DOptions', 'AVERAGE_POOL_2D': 'Pool2DOptions',
    'MAX_POOL_2D': 'Pool2DOptions', 'L2_NORMALIZATION': 'L2NormOptions', 'BATCH_MATMUL': 'BatchMatMulOptions',
    'PADV2': 'PadV2Options', 'SPACE_TO_BATCH_ND': 'SpaceToBatchNDOptions', 'BATCH_TO_SPACE_ND': 'BatchToSpaceNDOptions',
    'TOPK_V2': 'TopKV2Options', 'MAXIMUM': 'MaximumMinimumOptions', 'MINIMUM': 'MaximumMinimumOptions',
    'SELECT_V2': 'SelectV2Options', 'REVERSE_V2': 'ReverseV2Options', 'RANDOM_UNIFORM': 'RandomOptions', 'ATAN2': 'ATan2Options',
    'SUM': 'ReducerOptions', 'MEAN': 'ReducerOptions', 'REDUCE_MAX': 'ReducerOptions', 'REDUCE_MIN': 'ReducerOptions',
    'REDUCE_PROD': 'ReducerOptions', 'REDUCE_ANY': 'ReducerOptions', 'REDUCE_ALL': 'ReducerOptions',
}
WITHOUT_OPTIONS = {'RELU', 'RELU6', 'RELU_N1_TO_1', 'RELU_0_TO_1', 'LOGISTIC', 'TANH', 'ELU', 'PRELU', 'FLOOR', 'CEIL', 'ROUND',
                   'SIN', 'LOG', 'SQRT', 'RSQRT', 'BROADCAST_ARGS', 'EMBEDDING_LOOKUP'}


def slug(text):
    return re.sub(r'-+', '-', re.sub(r'[^a-z0-9._]+', '-', text.lower())).strip('-')


class Tensor:
    """One tensor of a subgraph; `shape` is None where LiteRT is to say it."""

    def __init__(self, dtype, shape=None, scale=None, zero_point=0, data=None, axis=0, low=None, high=None, wild=False):
        self.dtype, self.shape, self.axis = dtype, None if shape is None else list(shape), axis
        self.scale = None if scale is None else np.atleast_1d(np.asarray(scale, np.float32))
        self.zero_point = None if scale is None else np.zeros(self.scale.size, np.int64) + zero_point
        self.data = None if data is None else np.asarray(data, dtype).reshape(self.shape)
        self.low, self.high, self.wild, self.dynamic = low, high, wild, False

    def bounds(self):
        """The values a feed may take, both ends included."""
        if self.dtype in ('int8', 'uint8') or (self.dtype == 'int16' and self.scale is not None):
            limits = np.iinfo(self.dtype).min, np.iinfo(self.dtype).max
        else:
            limits = (0, 1) if self.dtype == 'bool' else (-3.0, 3.0) if self.dtype.startswith('float') else (-100, 100)
        return limits[0] if self.low is None else self.low, limits[1] if self.high is None else self.high

    def feed(self, rng, kind, position):
        low, high = self.bounds()
        floating = self.dtype.startswith('float')
        if kind == 'low':
            value = np.full(self.shape, high if position % 2 else low)
        elif kind == 'high':
            value = np.full(self.shape, high)
        elif kind == 'mixed':
            value = rng.choice(self.odd_values(low, high), self.shape)
        elif floating:
            value = np.clip(rng.normal((low + high) / 2, (high - low) / 4, self.shape), low, high)
        else:
            value = rng.integers(low, high, self.shape, endpoint=True)
        return np.asarray(value, self.dtype)

    def odd_values(self, low, high):
        """Ends, neighbours of the zero point, halves."""
        if self.dtype.startswith('float'):
            values = [low, high, 0.0, -0.0, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 1e-3, -1e-3, 1.0, -1.0, (low + high) / 2]
            values = [v for v in values if low <= v <= high]
            wild = {'nonfinite': [np.nan, np.inf, -np.inf], True: [np.nan, np.inf, -np.inf, 1e-40, 3e38, -3e38, 1e9]}
            return values + wild.get(self.wild, [])
        zero = int(self.zero_point[0]) if self.zero_point is not None else 0
        return [v for v in (low, low + 1, zero - 1, zero, zero + 1, high - 1, high, 1, 2, 3) if low <= v <= high]


class Builder:
    """What a case uses to say its operator: tensors in the operator's own order, then options."""

    def __init__(self, op, name):
        self.op, self.name = op, name
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))
        self.inputs, self.outputs, self.values = [], [], {}
        self.version, self.graph, self.samples = None, None, SAMPLES
        self.depth = 1     # products or terms that add up to one result
        self.fixed = None  # feeds that replace the drawn ones: a list of lists of arrays

    def x(self, dtype, shape, scale=None, zero_point=0, **more):
        """Something fed."""
        self.inputs.append(Tensor(dtype, shape, scale, zero_point, **more))
        return self.inputs[-1]

    def c(self, dtype, data, scale=None, zero_point=0, axis=0):
        """A constant."""
        data = np.asarray(data, dtype)
        self.inputs.append(Tensor(dtype, data.shape, scale, zero_point, data=data, axis=axis))
        return self.inputs[-1]

    def absent(self):
        self.inputs.append(None)

    def y(self, dtype, scale=None, zero_point=0, shape=None):
        """A result."""
        self.outputs.append(Tensor(dtype, shape, scale, zero_point))
        return self.outputs[-1]

    def options(self, **values):
        self.values.update(values)

    def scale(self, low=0.004, high=0.09):
        return float(np.float32(np.exp(self.rng.uniform(np.log(low), np.log(high)))))

    def zero(self, dtype, which):
        """A zero point: 'low', 'high' or 'some'; int16 has none."""
        if dtype in ('int16', 'int32'):
            return 0
        info = np.iinfo(dtype)
        return {'low': info.min, 'high': info.max}.get(which) if which != 'some' else int(self.rng.integers(info.min + 8, info.max - 8))

    def floats(self, shape, spread=1.0):
        return np.asarray(self.rng.normal(size=shape) * spread, np.float32)

    def integers(self, shape, dtype, low=None, high=None):
        info = np.iinfo(dtype)
        return self.rng.integers(info.min if low is None else low, info.max if high is None else high, shape, endpoint=True).astype(dtype)


def packed_tensor(tensor, name, model):
    t = schema.TensorT()
    t.name, t.type, t.buffer, t.hasRank = name.encode(), TYPES[tensor.dtype], 0, True
    t.shape = [] if tensor.shape is None else tensor.shape
    if tensor.dynamic:
        t.shapeSignature, t.shape = [-1] * len(tensor.shape), [1] * len(tensor.shape)
    if tensor.data is not None:
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(np.ascontiguousarray(tensor.data).tobytes(), np.uint8)
        t.buffer = len(model.buffers)
        model.buffers.append(buffer)
    if tensor.scale is not None:
        q = schema.QuantizationParametersT()
        q.scale, q.zeroPoint, q.quantizedDimension = tensor.scale, tensor.zero_point, tensor.axis
        t.quantization = q
    return t


def options_of(op, values):
    """(kind, table) of an operator's options; (None, None) where it has none."""
    if op in WITHOUT_OPTIONS:
        return None, None
    name = OPTION_NAMES.get(op) or ''.join(p.capitalize() for p in op.split('_')) + 'Options'
    table = getattr(schema, name + 'T')()
    for key, value in values.items():
        parts = key.split('_')
        field = parts[0] + ''.join(p.capitalize() for p in parts[1:])
        if not hasattr(table, field):
            raise AttributeError(f'{name} has no {field}')
        setattr(table, field, value)
    return getattr(schema.BuiltinOptions, name), table


class Graph:
    """One subgraph: tensors by position, operators as (op, inputs, outputs, options)."""

    def __init__(self, name='main'):
        self.name, self.tensors, self.operators, self.inputs, self.outputs = name, [], [], [], []

    def tensor(self, tensor):
        if tensor is None:
            return -1
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def operator(self, op, inputs, outputs, version=1, **values):
        self.operators.append((op, inputs, outputs, version, values))


def single(b):
    """The builder's operator as a graph."""
    graph = Graph()
    inputs = [graph.tensor(t) for t in b.inputs]
    outputs = [graph.tensor(t) for t in b.outputs]
    graph.operator(b.op, inputs, outputs, b.version or versions.of(b), **b.values)
    graph.inputs = [i for i, t in zip(inputs, b.inputs) if t is not None and t.data is None]
    graph.outputs = outputs
    return [graph]


def write(graphs):
    """The bytes of a model of these subgraphs."""
    model = schema.ModelT()
    model.version, model.description = 3, b'toucanet kernel grid'
    model.buffers, model.subgraphs, model.operatorCodes, codes = [schema.BufferT()], [], [], {}
    for g in graphs:
        s = schema.SubGraphT()
        s.name, s.inputs, s.outputs, s.operators = g.name.encode(), g.inputs, g.outputs, []
        names = {i: f'in{k}' for k, i in enumerate(g.inputs)} | {i: f'out{k}' for k, i in enumerate(g.outputs) if i not in g.inputs}
        s.tensors = [packed_tensor(t, names.get(i, f't{i}'), model) for i, t in enumerate(g.tensors)]
        for op, inputs, outputs, version, values in g.operators:
            if (op, version) not in codes:
                code = schema.OperatorCodeT()
                builtin = getattr(schema.BuiltinOperator, op)
                code.builtinCode, code.deprecatedBuiltinCode, code.version = builtin, min(builtin, 127), version
                codes[(op, version)] = len(model.operatorCodes)
                model.operatorCodes.append(code)
            o = schema.OperatorT()
            o.opcodeIndex, o.inputs, o.outputs = codes[(op, version)], inputs, outputs
            kind, table = options_of(op, values)
            if table is not None:
                o.builtinOptionsType, o.builtinOptions = kind, table
            s.operators.append(o)
        model.subgraphs.append(s)
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b'TFL3')
    return bytes(builder.Output())


class Case:
    """A named file with its feeds, before LiteRT has seen it."""

    def __init__(self, b, types):
        self.op, self.types, self.name, self.depth = b.op, types, b.name, b.depth
        self.graphs = b.graph or single(b)
        main = self.graphs[0]
        self.fed = [main.tensors[i] for i in main.inputs]
        self.made = [main.tensors[i] for i in main.outputs]
        if b.fixed is not None:
            self.feeds = [[np.asarray(v, t.dtype) for v, t in zip(values, self.fed)] for values in b.fixed]
        else:
            kinds = b.samples if self.fed else ['random']
            self.feeds = [[t.feed(b.rng, kind, i) for i, t in enumerate(self.fed)] for kind in kinds]

    def model(self):
        return write(self.graphs)


class Grid:
    """Collects cases; one that cannot be built is reported."""

    def __init__(self, only=None):
        self.only, self.cases, self.errors, self.names = only, [], [], set()

    def add(self, op, types, words, build):
        name = slug(f'{op} {types} {words}')
        if self.only and not re.search(self.only, name):
            return
        if name in self.names:
            self.errors.append((name, 'the name is taken'))
            return
        self.names.add(name)
        b = Builder(op, name)
        try:
            build(b)
            self.cases.append(Case(b, types))
        except Exception as error:  # one case must not stop the others
            self.errors.append((name, f'{type(error).__name__}: {error}'))
