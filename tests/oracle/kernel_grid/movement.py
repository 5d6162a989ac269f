"""Operators that move elements: joining, splitting, padding, slicing, permuting."""

import numpy as np

QUANTIZED = ('int8', 'uint8', 'int16')
COMMON = ('float32', 'int8', 'uint8', 'int16', 'int32', 'int64')


def parameters(b, types):
    if types in ('int8', 'uint8'):
        return b.scale(), b.zero(types, 'some')
    return (b.scale() / 256, 0) if types == 'int16' else ()


def keep(b, types, shape, *constants, out=1, **options):
    """x, constants of int32 (or with a type of their own), a result of the same parameters."""
    p = parameters(b, types)
    b.x(types, shape, *p)
    for constant in constants:
        b.c(*(constant if isinstance(constant, tuple) else ('int32', constant)))
    for _ in range(out):
        b.y(types, *p)
    b.options(**options)


def concatenation(b, types, shapes, axis, rescaled=False):
    p = parameters(b, types)
    for i, shape in enumerate(shapes):
        q = parameters(b, types) if rescaled and i != 1 else p
        b.x(types, shape, *q)
    b.y(types, *p)
    b.options(axis=axis)


def pack(b, types, shape, count, axis):
    p = parameters(b, types)
    for _ in range(count):
        b.x(types, shape, *p)
    b.y(types, *p)
    b.options(values_count=count, axis=axis)


def split(b, types, shape, axis, count):
    p = parameters(b, types)
    b.c('int32', np.asarray(axis))
    b.x(types, shape, *p)
    for _ in range(count):
        b.y(types, *p)
    b.options(num_splits=count)


def pad_v2(b, types, shape, pads, index):
    p = parameters(b, types)
    b.x(types, shape, *p)
    b.c('int32', pads)
    b.c(types, np.asarray([2, 5, 1][index % 3]), *p)
    b.y(types, *p)


def fed_shape(b, types, shape, values, rank):
    """The second operand is fed: the size is known only when it runs."""
    p = parameters(b, types)
    x = b.x(types, shape, *p)
    values = np.asarray(values)
    b.x('int32', values.shape)
    b.y(types, *p)
    b.outputs[-1].dynamic, b.outputs[-1].shape = True, [1] * rank
    b.fixed = [[x.feed(b.rng, kind, 0), values] for kind in b.samples[:2]]


def cases(add):
    for types in COMMON + ('bool',):
        joining(add, types)
        splitting(add, types)
        padding(add, types)
        slicing(add, types)
        reshaping(add, types)


def joining(add, types):
    for words, shapes, axis in (('of 2 along channels', [(1, 2, 3, 4), (1, 2, 3, 2)], 3), ('of 3', [(2, 3),
                                                                                                    (1, 3),
                                                                                                    (4, 3)], 0),
                                ('negative axis', [(2, 3, 2), (2, 3, 5)], -1), ('of one', [(3, 4)], 0),
                                ('rank 1', [(5,), (9,)], 0),
                                ('one of them empty', [(2, 3), (0, 3)], 0),
                                ('rank 5', [(1, 2, 1, 2, 3)] * 2, 2)):
        add('CONCATENATION', types, words, lambda b: concatenation(b, types, shapes, axis))
    if types in QUANTIZED:
        for i, shapes in enumerate(([(2, 5), (2, 9)], [(3, 4), (3, 33), (3, 1)])):
            add('CONCATENATION', types, f'scales that differ {i}',
                lambda b: concatenation(b, types, shapes, 1, True))
    for words, shape, count, axis in (('2', (3, 4), 2, 0), ('3 along the last', (2, 3), 3, -1),
                                      ('of scalars', (), 4, 0), ('one', (5,), 1, 1),
                                      ('in the middle', (2, 3, 2), 2, 1)):
        add('PACK', types, words, lambda b: pack(b, types, shape, count, axis))


def splitting(add, types):
    for words, shape, axis, count in (('channels', (1, 2, 2, 6), 3, 3), ('rows', (4, 3), 0, 2),
                                      ('negative axis', (2, 3, 4), -2, 3), ('into one', (4,), 0, 1)):
        add('SPLIT', types, words, lambda b: split(b, types, shape, axis, count))
        add('UNPACK', types, words,
            lambda b: keep(b, types, shape, out=shape[axis], num=shape[axis], axis=axis))
    for words, shape, axis, sizes in (('channels', (1, 2, 2, 6), 3, [1, 3, 2]), ('rest', (7, 3), 0, [2, -1, 1]),
                                      ('negative axis', (2, 5), -1, [4, 1]),
                                      ('with an empty one', (5, 2), 0, [0, 5])):
        add('SPLIT_V', types, words,
            lambda b: keep(b, types, shape, sizes, np.asarray(axis), out=len(sizes), num_splits=len(sizes)))


def padding(add, types):
    for i, (words, shape, pads) in enumerate((('image', (1, 3, 4, 2), [[0, 0], [1, 2], [2, 0], [0, 0]]),
                                              ('rank 1', (7,), [[3, 1]]),
                                              ('nothing', (2, 3), [[0, 0], [0, 0]]),
                                              ('rank 5', (1, 2, 1, 2, 2), [[1, 0], [0, 1], [1, 1], [0, 0], [0, 2]]),
                                              ('channels', (2, 3, 2, 3), [[0, 0], [0, 0], [0, 0], [2, 3]]))):
        add('PAD', types, words, lambda b: keep(b, types, shape, pads))
        add('PAD', types, words + ' by int64', lambda b: keep(b, types, shape, ('int64', pads)))
        add('PADV2', types, words, lambda b: pad_v2(b, types, shape, pads, i))
    add('PAD', types, 'fed', lambda b: fed_shape(b, types, (2, 3), [[1, 0], [0, 2]], 2))
    for words, shape, pads in (('image', (1, 4, 4, 2), [[0, 0], [2, 1], [1, 3], [0, 0]]),
                               ('rank 1', (7,), [[3, 1]]), ('rank 2', (3, 4), [[1, 1], [0, 3]])):
        for mode, name in ((0, 'reflect'), (1, 'symmetric')):
            add('MIRROR_PAD', types, f'{words} {name}', lambda b: keep(b, types, shape, pads, mode=mode))
    add('MIRROR_PAD', types, 'reflect too far', lambda b: keep(b, types, (3,), [[3, 0]], mode=0))


def slicing(add, types):
    for words, shape, begin, size in (('image', (1, 4, 5, 3), [0, 1, 2, 0], [1, 2, 3, 2]),
                                      ('to the end', (5, 6), [2, 1], [-1, 4]), ('rank 1', (9,), [3], [5]),
                                      ('rank 5', (2, 1, 3, 2, 2), [1, 0, 1, 0, 0], [1, 1, 2, -1, 1]),
                                      ('empty', (3, 4), [1, 1], [0, 2]),
                                      ('out of range', (3, 4), [1, 1], [3, 3])):
        add('SLICE', types, words, lambda b: keep(b, types, shape, begin, size))
    add('SLICE', types, 'by int64', lambda b: keep(b, types, (4, 5), ('int64', [1, 2]), ('int64', [2, -1])))
    for words, shape, begin, end, strides, masks in (
            ('every second', (7, 5), [0, 1], [7, 5], [2, 2], {}),
            ('backwards', (6, 3), [5, 2], [0, -4], [-2, -1], {}),
            ('masks', (4, 5, 3), [1, 1, 1], [3, 3, 2], [1, 1, 1], dict(begin_mask=1, end_mask=2)),
            ('shrink', (4, 5), [1, 0], [2, 5], [1, 2], dict(shrink_axis_mask=1)),
            ('negative ends', (6, 4), [-4, -3], [-1, -1], [1, 1], {}),
            ('ellipsis', (2, 3, 4), [0, 1], [2, 3], [1, 1], dict(ellipsis_mask=1)),
            ('new axis', (3, 4), [0, 1], [0, 3], [1, 1], dict(new_axis_mask=1)),
            ('empty', (5,), [3], [2], [1], {}),
            ('offset', (9,), [2], [4], [1], dict(offset=True)),
            ('rank 5', (2, 2, 3, 2, 2), [0, 0, 1, 0, 1], [2, 1, 3, 2, 2], [1, 1, 1, 1, 1], {})):
        add('STRIDED_SLICE', types, words, lambda b: keep(b, types, shape, begin, end, strides, **masks))


def reshaping(add, types):
    for words, shape, new in (('flatten', (2, 3, 4), [-1]), ('rest', (2, 6), [3, -1, 2]),
                              ('same', (3, 4), [3, 4]), ('to a scalar', (1, 1), []),
                              ('rank 6', (4, 6), [1, 2, 2, 3, 1, 2])):
        add('RESHAPE', types, words,
            lambda b: keep(b, types, shape, np.asarray(new, np.int32), new_shape=list(new)))
    add('RESHAPE', types, 'by the option alone', lambda b: keep(b, types, (2, 6), new_shape=[4, 3]))
    add('RESHAPE', types, 'fed', lambda b: fed_shape(b, types, (2, 6), [3, 4], 2))
    for words, shape, axes in (('all', (1, 3, 1, 2), []), ('one', (1, 3, 1, 2), [2]),
                               ('negative', (2, 1), [-1]), ('none', (2, 3), [])):
        add('SQUEEZE', types, words, lambda b: keep(b, types, shape, squeeze_dims=list(axes)))
    for words, shape, axis in (('first', (3, 4), 0), ('last', (3, 4), -1), ('middle', (2, 3, 2), 1),
                               ('scalar', (), 0)):
        add('EXPAND_DIMS', types, words, lambda b: keep(b, types, shape, np.asarray(axis)))
    for words, shape, order in (('matrix', (3, 5), [1, 0]), ('to channels first', (1, 3, 4, 2), [0, 3, 1, 2]),
                                ('rank 3', (2, 3, 4), [2, 0, 1]),
                                ('nothing', (2, 3), [0, 1]), ('rank 5', (2, 1, 3, 2, 2), [4, 2, 0, 1, 3]),
                                ('rank 6', (1, 2, 1, 3, 2, 2), [5, 0, 3, 2, 1, 4])):
        add('TRANSPOSE', types, words, lambda b: keep(b, types, shape, order))
    for words, shape, multiples in (('rows', (2, 3), [2, 1]), ('both', (2, 3), [2, 3]), ('rank 1', (5,), [3]),
                                    ('nothing', (2, 1, 2), [1, 0, 1])):
        add('TILE', types, words, lambda b: keep(b, types, shape, multiples))
        if 0 not in multiples:
            target = [s * m if s == 1 else s for s, m in zip((1,) + shape[1:], multiples)]
            add('BROADCAST_TO', types, words, lambda b: keep(b, types, (1,) + shape[1:], [2] + target))
    add('BROADCAST_TO', types, 'fed', lambda b: fed_shape(b, types, (3, 1), [2, 3, 4], 3))
    for words, shape, axes in (('rows', (3, 4), [0]), ('last', (2, 3, 4), [2]), ('negative', (2, 5), [-1]),
                               ('two', (2, 3, 4), [0, 1])):
        add('REVERSE_V2', types, words, lambda b: keep(b, types, shape, axes))
    for words, shape, lengths, seq, batch in (('rows', (2, 5, 3), [3, 5], 1, 0),
                                              ('batch second', (4, 3), [1, 4, 2], 0, 1),
                                              ('int64', (2, 4), [0, 3], 1, 0)):
        add('REVERSE_SEQUENCE', types, words,
            lambda b: keep(b, types, shape, ('int64' if words == 'int64' else 'int32', lengths), seq_dim=seq, batch_dim=batch))
