"""Reductions along axes: MEAN, SUM, REDUCE_*, CUMSUM, ARG_MAX, ARG_MIN, TOPK_V2."""

import numpy as np

from kernel_grid.core import TYPES

QUANTIZED = ('int8', 'uint8', 'int16')
ZEROS = ['some', 'low', 'high', 'some', 'some']
AXES = [  # words, input, axes, keep_dims
    ('over the image', (2, 4, 5, 3), [1, 2], False),
    ('over the image kept', (1, 4, 5, 6), [1, 2], True),
    ('of the last axis', (3, 17), [-1], False),
    ('of the first axis', (5, 4), [0], False),
    ('of all', (2, 3, 4), [0, 1, 2], False),
    ('of a negative axis kept', (2, 3, 4, 2), [-3], True),
    ('of axes named twice', (2, 3, 4), [1, -2], False),
    ('of the outer axes', (3, 2, 5), [0, 2], True),
    ('of 100 elements', (2, 100), [1], False),
    ('of rank 5', (1, 2, 3, 2, 2), [2, 4], False),
    ('of one element', (3, 1, 4), [1], False),
]
OPS = {'MEAN': ('float32', 'int8', 'uint8', 'int16', 'int32', 'int64'), 'SUM': ('float32', 'int8', 'uint8', 'int16', 'int32', 'int64'),
       'REDUCE_MAX': ('float32', 'int8', 'uint8', 'int16', 'int32', 'int64'), 'REDUCE_MIN': ('float32', 'int8', 'uint8', 'int16', 'int32', 'int64'),
       'REDUCE_PROD': ('float32', 'int8', 'int16', 'int32', 'int64'), 'REDUCE_ANY': ('bool',), 'REDUCE_ALL': ('bool',)}


def output_scale(op, s, z, types, count, index):
    if op == 'MEAN':
        return s * [0.5, 1.0, 0.83, 0.31, 1.4][index % 5]
    if op == 'SUM':
        return s * np.sqrt(count) * [1.0, 1.7, 0.4][index % 3]
    return s * [1.0, 0.7][index % 2]


def reduce(b, types, index, case, fed_axes=False):
    _, shape, axes, keep = case
    count = int(np.prod([shape[a] for a in set(a % len(shape) for a in axes)]))
    b.depth = count
    if types in QUANTIZED:
        s, z = b.scale(0.01, 0.06) / (256 if types == 'int16' else 1), b.zero(types, ZEROS[index % 5])
        b.x(types, shape, s, z)
        same = b.op in ('REDUCE_MAX', 'REDUCE_MIN') or index % 5 == 1
        out = (s, z) if same else (np.float32(output_scale(b.op, s, z, types, count, index)), b.zero(types, ZEROS[(index + 2) % 5]))
    else:
        whole = types in ('int32', 'int64')
        product = b.op == 'REDUCE_PROD'
        b.x(types, shape, low=-3 if product and whole else -1.5 if product else None, high=3 if product and whole else 1.5 if product else None,
            wild='nonfinite' if types == 'float32' and index == 2 else False)
        out = ()
    if fed_axes:
        b.x('int32', (len(axes),))
        main = [b.inputs[0].feed(b.rng, kind, 0) for kind in b.samples]
        b.fixed = [[m, axes] for m in main]
    else:
        b.c('int32', axes)
    b.y(types, *out)
    if fed_axes:
        dynamic(b, len(shape) if keep else len(shape) - len(axes))
    b.options(keep_dims=keep)


def dynamic(b, rank):
    """The last result's size is known only when it runs."""
    b.outputs[-1].dynamic = True
    b.outputs[-1].shape = [1] * rank


def cumulative(b, types, shape, axis, exclusive, reverse):
    b.x(types, shape)
    b.c('int32', np.asarray(axis))
    b.y(types)
    b.options(exclusive=exclusive, reverse=reverse)


def index_of(b, types, case, out, axis_type='int32'):
    _, shape, axis = case
    parameters = (b.scale(), b.zero(types, 'some')) if types in ('int8', 'uint8') else ()
    b.x(types, shape, *parameters)
    b.c(axis_type, np.asarray(axis))
    b.y(out)
    b.options(output_type=TYPES[out])


def top(b, types, shape, k):
    parameters = (b.scale(), b.zero(types, 'some')) if types in ('int8', 'uint8') else ()
    narrow = dict(low=-9, high=9) if types in ('int16', 'int32', 'int64') else {}
    b.x(types, shape, *parameters, **narrow)
    b.c('int32', np.asarray(k))
    b.y(types, *parameters)
    b.y('int32')


def cases(add):
    for op, kinds in OPS.items():
        for types in kinds:
            for i, case in enumerate(AXES):
                add(op, types, case[0], lambda b: reduce(b, types, i, case))
            add(op, types, 'of axes that are fed', lambda b: reduce(b, types, 0, AXES[0], True))
        if 'int8' in kinds:
            add(op, 'int8', 'over the image kept rescaled', lambda b: reduce(b, 'int8', 2, AXES[1]))
            add(op, 'uint8', 'over the image kept rescaled', lambda b: reduce(b, 'uint8', 3, AXES[1]))
    for types in ('float32', 'int32', 'int64'):
        for i, (shape, axis) in enumerate((((5,), 0), ((2, 3, 4), 1), ((3, 4), -1), ((2, 3, 2), 0))):
            for exclusive, reverse in ((False, False), (True, False), (False, True), (True, True))[i % 2::2]:
                add('CUMSUM', types, f'{i}{" exclusive" * exclusive}{" reverse" * reverse}',
                    lambda b: cumulative(b, types, shape, axis, exclusive, reverse))
    for op in ('ARG_MAX', 'ARG_MIN'):
        for types in ('float32', 'int8', 'uint8', 'int32', 'bool'):
            for i, case in enumerate((('last', (3, 7), -1), ('first', (4, 3), 0), ('middle', (2, 5, 3), 1),
                                      ('rank 1', (33,), 0),
                                      ('rank 4', (2, 2, 3, 4), 3), ('one', (3, 1), 1))):
                out = ['int32', 'int64'][i % 2]
                add(op, types, f'{case[0]} {out}',
                    lambda b: index_of(b, types, case, out, ['int32', 'int64'][i // 2 % 2]))
    for types in ('float32', 'int8', 'uint8', 'int16', 'int32', 'int64'):
        for shape, k in (((9,), 3), ((3, 7), 1), ((2, 3, 5), 5), ((2, 33), 4), ((4,), 0)):
            add('TOPK_V2', types, f'{k} of {"x".join(map(str, shape))}', lambda b: top(b, types, shape, k))
