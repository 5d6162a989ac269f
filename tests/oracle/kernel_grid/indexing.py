"""Operators that pick, scatter or select by indices and conditions, and those that make tensors."""

import numpy as np

from kernel_grid.core import TYPES
from kernel_grid.movement import COMMON, keep, parameters


def gather(b, types, shape, indices, axis, batch_dims=0, index_type='int32', fed=False):
    p = parameters(b, types)
    x = b.x(types, shape, *p)
    indices = np.asarray(indices)
    if fed:
        b.x(index_type, indices.shape)
        b.fixed = [[x.feed(b.rng, kind, 0), indices] for kind in b.samples[:2]]
    else:
        b.c(index_type, indices)
    b.y(types, *p)
    if b.op == 'GATHER':
        b.options(axis=axis, batch_dims=batch_dims)


def scatter(b, types, indices, update, shape):
    p = parameters(b, types)
    b.c('int32', indices)
    b.x(types, update, *p)
    b.c('int32', shape)
    b.y(types, *p)


def select(b, types, condition, x, y, differ=False):
    p = parameters(b, types)
    b.x('bool', condition)
    b.x(types, x, *p)
    b.x(types, y, *(parameters(b, types) if differ else p))
    b.y(types, *p)


def one_hot(b, types, shape, depth, axis, off=0):
    b.x('int32', shape, low=-1, high=depth)
    b.c('int32', np.asarray(depth))
    b.c(types, np.asarray(1))
    b.c(types, np.asarray(off))
    b.y(types)
    b.options(axis=axis)


def where(b, types, shape):
    b.x(types, shape, low=0 if types in ('int8', 'uint8') else None, high=1 if types in ('int8', 'uint8') else None)
    b.y('int64')
    b.outputs[-1].dynamic, b.outputs[-1].shape = True, [1, len(shape)]


def unique(b, types, index_type):
    b.x(types, (17,), low=-3 if types != 'uint8' else 0, high=3)
    b.y(types)
    b.y(index_type)
    b.outputs[0].dynamic, b.outputs[0].shape = True, [1]
    b.options(idx_out_type=TYPES[index_type])


def segments(b, types, shape, ids, count=None):
    b.x(types, shape, low=-3, high=3)
    b.c('int32', ids)
    if count is not None:
        b.c('int32', np.asarray(count))
    b.y(types)


def sparse_to_dense(b, types, indices, shape, values):
    b.c('int32', indices)
    b.c('int32', shape)
    b.x(types, values)
    b.c(types, np.asarray(3))
    b.y(types)
    b.options(validate_indices=False)


def fill(b, types, dims, fed=False):
    dims = np.asarray(dims, np.int32)
    b.c('int32', dims)
    b.x(types, (), *parameters(b, types))
    b.y(types, *parameters_of(b.inputs[1]))


def parameters_of(tensor):
    return () if tensor.scale is None else (tensor.scale, int(tensor.zero_point[0]))


def in_range(b, types, start, limit, delta, fed):
    for value in (start, limit, delta):
        if fed:
            b.x(types, ())
        else:
            b.c(types, np.asarray(value))
    b.y(types)
    if fed:
        b.fixed = [[start, limit, delta]]
        b.outputs[0].dynamic, b.outputs[0].shape = True, [1]


def lookup(b, types, out, ids, shape, per_row):
    b.x('int32', (len(ids),))
    b.fixed = [[np.asarray(ids)]]
    if types == 'float32':
        b.c(types, b.floats(shape))
    else:
        scale = np.asarray(b.rng.uniform(0.01, 0.05, shape[0] if per_row else 1), np.float32)
        b.c(types, b.integers(shape, types), scale, 0)
    b.y(out, *(() if out == 'float32' else parameters_of(b.inputs[1])))


def update(b, types, shape, piece, start, index_type='int32'):
    p = parameters(b, types)
    x, y = b.x(types, shape, *p), b.x(types, piece, *p)
    b.x(index_type, (len(start),))
    b.y(types, *p)
    b.fixed = [[x.feed(b.rng, kind, 0), y.feed(b.rng, kind, 1), start] for kind in b.samples[:2]]


def diagonal(b, types, shape, set_shape=None):
    p = parameters(b, types)
    b.x(types, shape, *p)
    if set_shape:
        b.x(types, set_shape, *p)
    b.y(types, *p)


def cases(add):
    for types in COMMON + ('bool',):
        picking(add, types)
        selecting(add, types)
        making(add, types)
    sparse(add)
    lookups(add)


def picking(add, types):
    for words, shape, indices, axis, batch in (('rows', (5, 3), [3, 0, 3], 0, 0),
                                               ('last', (2, 3, 4), [[1, 3]], -1, 0),
                                               ('scalar', (4, 2), 1, 0, 0),
                                               ('batch', (2, 5, 2), [[1, 4], [0, 0]], 1, 1),
                                               ('image', (1, 3, 3, 4), [2, 0], 3, 0)):
        for index_type in ('int32', 'int64', 'int16')[:3 if words == 'rows' else 1]:
            add('GATHER', types, f'{words} {index_type}',
                lambda b: gather(b, types, shape, indices, axis, batch, index_type))
    add('GATHER', types, 'fed', lambda b: gather(b, types, (5, 3), [4, 1], 0, 0, 'int32', True))
    add('GATHER', types, 'negative index', lambda b: gather(b, types, (5, 3), [-1, 1], 0, 0, 'int32', True))
    add('GATHER', types, 'index too large', lambda b: gather(b, types, (5, 3), [5, 1], 0, 0, 'int32', True))
    for words, shape, indices in (('elements', (3, 4), [[0, 1], [2, 3]]), ('rows', (3, 4), [[2], [0], [2]]),
                                  ('rank 3', (2, 3, 4), [[[1, 2]], [[0, 0]]])):
        add('GATHER_ND', types, words, lambda b: gather(b, types, shape, indices, None))
        add('GATHER_ND', types, words + ' int64 fed',
            lambda b: gather(b, types, shape, indices, None, index_type='int64', fed=True))
    add('GATHER_ND', types, 'index too large', lambda b: gather(b, types, (3, 4), [[3, 0]], None, fed=True))
    for words, indices, piece, shape in (('elements', [[1], [4], [6]], (3,), [8]),
                                         ('twice', [[1], [1], [0]], (3,), [4]),
                                         ('rows', [[2], [0]], (2, 3), [4, 3]),
                                         ('of rank 3', [[0, 1], [1, 0]], (2, 2), [2, 2, 2]),
                                         ('out of range', [[5]], (1,), [4])):
        add('SCATTER_ND', types, words, lambda b: scatter(b, types, indices, piece, shape))
    for words, shape, piece, start, index_type in (('inside', (4, 5), (2, 2), [1, 2], 'int32'),
                                                   ('past the end', (4, 5), (2, 3), [3, 4], 'int32'),
                                                   ('negative', (6,), (2,), [-3], 'int32'), ('by int64', (3, 4),
                                                                                             (1, 4), [2, 0], 'int64'), ('of all', (2, 2), (2, 2), [0, 0], 'int32')):
        add('DYNAMIC_UPDATE_SLICE', types, words, lambda b: update(b, types, shape, piece, start, index_type))


def selecting(add, types):
    for words, shapes in (('same', [(2, 3, 4)] * 3), ('of rows', [(3,), (3, 4), (3, 4)]), ('scalar', [(),
                                                                                                      (2, 3),
                                                                                                      (2, 3)]),
                                                                                                      ('rank 1', [(9,)] * 3)):
        add('SELECT', types, words, lambda b: select(b, types, *shapes))
    for words, shapes in (('same', [(2, 3, 4)] * 3), ('broadcast condition', [(3, 1), (2, 3, 4), (4,)]),
                          ('scalars', [(2, 3), (), ()]), ('rank 5', [(2, 1, 1, 2, 1), (1, 2, 1, 2, 3), (3,)])):
        add('SELECT_V2', types, words, lambda b: select(b, types, *shapes))
    if types in ('int8', 'uint8', 'int16'):
        add('SELECT', types, 'scales that differ', lambda b: select(b, types, (9,), (9,), (9,), True))
    for shape in ((9,), (3, 4), (2, 3, 2), ()):
        if types not in ('int16',):
            add('WHERE', types, f'rank {len(shape)}', lambda b: where(b, types, shape))
    if types != 'bool':
        for index_type in ('int32', 'int64'):
            add('UNIQUE', types, index_type, lambda b: unique(b, types, index_type))


def making(add, types):
    for words, shape, depth, axis in (('last', (5,), 4, -1), ('first', (2, 3), 3, 0), ('middle', (2, 3), 5, 1),
                                      ('scalar', (), 3, -1)):
        add('ONE_HOT', types, words, lambda b: one_hot(b, types, shape, depth, axis, off=0))
    for dims in ([2, 3], [4], [], [1, 2, 1, 2], [0, 2]):
        add('FILL', types, 'x'.join(map(str, dims)) or 'scalar', lambda b: fill(b, types, dims))
    for shape in ((2, 3, 4), (5,), ()):
        words = 'x'.join(map(str, shape)) or 'scalar'
        for out in ('int32', 'int64'):
            add('SHAPE', types, f'{words} {out}',
                lambda b: (b.x(types, shape, *parameters(b, types)), b.y(out), b.options(out_type=TYPES[out])))
        add('RANK', types, words, lambda b: (b.x(types, shape, *parameters(b, types)), b.y('int32')))
    for shape in ((4,), (2, 3), (1, 2, 2)):
        add('MATRIX_DIAG', types, 'x'.join(map(str, shape)), lambda b: diagonal(b, types, shape))
    for shape, values in (((3, 3), (3,)), ((2, 4), (2,)), ((2, 3, 2), (2, 2))):
        add('MATRIX_SET_DIAG', types, 'x'.join(map(str, shape)), lambda b: diagonal(b, types, shape, values))
    if types in ('float32', 'int32', 'int64'):
        for start, limit, delta in ((0, 5, 1), (3, 17, 4), (5, -2, -2), (2, 2, 1)):
            for fed in (False, True):
                add('RANGE', types, f'{start} {limit} {delta}{" fed" * fed}'.replace('-', 'minus '),
                    lambda b: in_range(b, types, start, limit, delta, fed))


def sparse(add):
    for types in ('float32', 'int32', 'int64', 'int8', 'uint8'):
        for words, indices, shape, values in (('scalar index', 2, [5], ()), ('vector', [0, 3, 4], [6], (3,)),
                                              ('matrix', [[0, 1], [2, 2]], [3, 4], (2,)),
                                              ('one value for all', [[0, 1], [1, 0]], [2, 2], ()),
                                              ('rank 3', [[0, 1, 0], [1, 0, 1]], [2, 2, 2], (2,))):
            add('SPARSE_TO_DENSE', types, words, lambda b: sparse_to_dense(b, types, indices, shape, values))
    for types in ('float32', 'int32'):
        for words, shape, ids in (('rows', (5, 3), [0, 0, 1, 2, 2]), ('rank 1', (4,), [0, 1, 1, 2]),
                                  ('a gap', (3,), [0, 2, 3]), ('rank 3', (3, 2, 2), [0, 1, 1])):
            add('SEGMENT_SUM', types, words, lambda b: segments(b, types, shape, ids))
        for op in ('SUM', 'PROD', 'MAX', 'MIN'):
            for words, shape, ids, count in (('rows', (5, 3), [2, 0, 2, 1, 0], 3),
                                             ('negative', (4,), [0, -1, 1, 0], 2),
                                             ('an empty one', (3, 2), [0, 3, 3], 5),
                                             ('ids of rank 2', (2, 3), [[0, 1, 1], [2, 0, 1]], 3)):
                add(f'UNSORTED_SEGMENT_{op}', types, words, lambda b: segments(b, types, shape, ids, count))
    for types in ('int32', 'int64'):
        for x, y in (((1, 3), (4, 1)), ((2,), (5, 2)), ((), (3,)), ((2, 3), (2, 3))):
            words = f'{"x".join(map(str, x)) or "scalar"} and {"x".join(map(str, y))}'
            add('BROADCAST_ARGS', types, words,
                lambda b: (b.c(types, np.asarray(x, types)), b.x(types, (len(y),)), b.y(types), fix(b, y)))


def fix(b, y):
    b.fixed = [[np.asarray(y)]]


def lookups(add):
    for types in ('float32', 'int8', 'uint8'):
        for words, ids, shape in (('rows', [3, 0, 3], (5, 4)), ('one', [1], (3, 7)),
                                  ('rank 3', [1, 1], (2, 3, 2)), ('too large', [5], (5, 2)),
                                  ('negative', [-1], (5, 2))):
            add('EMBEDDING_LOOKUP', types, words, lambda b: lookup(b, types, types, ids, shape, False))
            if types != 'float32':
                for per_row in (False, True):
                    add('EMBEDDING_LOOKUP', types, f'{words} to float{" per row" * per_row}',
                        lambda b: lookup(b, types, 'float32', ids, shape, per_row))
