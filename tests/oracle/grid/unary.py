"""Element-wise functions of one tensor."""

import numpy as np

from .core import dims

SHAPES = [(), (5,), (2, 3), (1, 2, 3, 2), (2, 1, 3, 1, 2)]
# op -> range fed
FLOAT = {
    'Abs': None, 'Ceil': None, 'Cos': None, 'Exp': None, 'Expm1': None, 'Floor': None, 'Log': (0.1, 5),
    'Log1p': (-0.5, 5), 'Neg': None, 'Reciprocal': (0.2, 4), 'Rint': (-6, 6), 'Round': (-6, 6), 'Rsqrt': (0.1, 5),
    'Sigmoid': (-8, 8), 'Sign': None, 'Sin': None, 'Sqrt': (0, 5), 'Square': None, 'Tanh': (-4, 4),
    'Lgamma': (-3, 6), 'Erf': (-4, 4), 'Erfc': (-4, 4), 'IsFinite': None, 'IsInf': None, 'IsNan': None, 'ZerosLike': None,
}
INTEGER = {
    'Abs': ['int32', 'int64', 'int8', 'int16'], 'Neg': ['int32', 'int64', 'int8'], 'Square': ['int32', 'int64'],
    'Sign': ['int32', 'int64'], 'Round': ['int32', 'int64'], 'Rsqrt': ['float64', 'half'], 'Exp': ['float64', 'half'],
    'Sqrt': ['float64', 'half'], 'Tanh': ['float64', 'half'], 'Sigmoid': ['float64', 'half'],
    'Floor': ['float64', 'half'], 'ZerosLike': ['int32', 'int64', 'bool', 'uint8', 'int8', 'int16', 'float64'],
    'Log': ['float64'], 'Erf': ['float64', 'half'], 'Sin': ['float64'], 'Cos': ['half'], 'Ceil': ['half'], 'Reciprocal': ['float64'],
}
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 1e-6, 88.0, -88.0, 200.0, -200.0, 3e9, 8388609.5,
           np.inf, -np.inf, np.nan]


def cases(add):
    for op, span in FLOAT.items():
        low, high = span or (None, None)
        for shape in SHAPES:
            add(op, f'of {dims(shape)}', lambda b: b.op(op, x=b.x(shape, low=low, high=high)))
        add(op, 'of special values', lambda b: b.op(op, x=b.x((len(SPECIAL),), data=SPECIAL)))
        add(op, 'of nothing', lambda b: b.op(op, x=b.x((2, 0))))
        add(op, 'of an unknown batch', lambda b: b.op(op, x=b.x((None, 3), low=low, high=high)))
    for op, dtypes in INTEGER.items():
        for dtype in dtypes:
            low, high = (0.2, 4) if dtype in ('float64', 'half') else (None, None)
            add(op, f'of {dtype}', lambda b: b.op(op, x=b.x((2, 3), dtype, low, high)))
    add('Inv', 'of 2x3', inverse)
    add('LogicalNot', 'of 2x3', lambda b: b.op('LogicalNot', x=b.x((2, 3), 'bool')))
    add('LogicalNot', 'of a scalar', lambda b: b.op('LogicalNot', x=b.x((), 'bool')))
    add('Round', 'of halves', lambda b: b.op('Round', x=b.x((8,), data=[-3.5, -2.5, -1.5, -.5, .5, 1.5, 2.5, 3.5])))


def inverse(b):
    """The old name of Reciprocal, from before GraphDef version 17."""
    def edit(definition):
        definition.versions.producer = 16
        for node in definition.node:
            if node.op == 'Reciprocal':
                node.op = 'Inv'
    b.edit = edit
    return b.op('Reciprocal', x=b.x((2, 3), low=0.2, high=4))
