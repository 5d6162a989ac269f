"""Gather, GatherNd and ScatterNd."""

import numpy as np
import tensorflow as tf

from .core import dims


def cases(add):
    for shape in [(5,), (4, 3), (3, 4, 2), (2, 3, 2, 2)]:
        for ids in [(), (1,), (3,), (2, 2)]:
            for axis in range(-1, len(shape)):
                add('GatherV2', f'of {dims(shape)} ids {dims(ids)} axis {axis}'.replace('-', 'minus '), lambda b: b.op(
                    'GatherV2', params=b.x(shape), indices=b.x(ids, 'int32', 0, shape[axis]), axis=axis))
        add('Gather', f'of {dims(shape)}', lambda b: b.op(
            'Gather', params=b.x(shape), indices=b.x((3,), 'int32', 0, shape[0])))
        add('Gather', f'of {dims(shape)} constant ids', lambda b: b.op(
            'Gather', params=b.x(shape), indices=b.c((2, 2), 'int64', 0, shape[0])))
    for dtype in ('int32', 'int64', 'bool', 'uint8', 'int8', 'int16', 'float64', 'half'):
        add('GatherV2', dtype, lambda b: b.op('GatherV2', params=b.x((4, 3), dtype), indices=b.x((3,), 'int32', 0, 4), axis=0))
        add('GatherNd', dtype, lambda b: b.op('GatherNd', params=b.x((4, 3), dtype), indices=b.x((3, 1), 'int32', 0, 4)))
    for shape, ids, axis, batch in [((2, 3), (2, 2), 1, 1), ((2, 3, 4), (2, 2), 1, 1), ((2, 3, 4), (2, 2), 2, 1),
                                    ((2, 3, 4), (2, 3, 2), 2, 2), ((2, 3, 4), (2,), 1, 1), ((2, 3, 4), (2, 3), -1, -1),
                                    ((2, 3), (2, 2, 2), -1, 1)]:
        words = f'of {dims(shape)} ids {dims(ids)} axis {axis} batch dims {batch}'.replace('-', 'minus ')
        add('GatherV2', words, lambda b: b.op('GatherV2', params=b.x(shape), indices=b.x(ids, 'int32', 0, shape[axis]),
                                              axis=axis, batch_dims=batch))
    add('GatherV2', 'int64 ids', lambda b: b.op('GatherV2', params=b.x((4, 3)), indices=b.x((3,), 'int64', 0, 4), axis=0))
    add('GatherV2', 'int64 axis', lambda b: b.op('GatherV2', params=b.x((4, 3)), indices=b.x((3,), 'int32', 0, 3), axis=np.int64(1)))
    add('GatherV2', 'constant table', lambda b: b.op('GatherV2', params=b.c((6, 3)), indices=b.x((2, 2), 'int32', 0, 6), axis=0))
    add('GatherV2', 'constant ids', lambda b: b.op('GatherV2', params=b.x((4, 3)), indices=[2, 0], axis=1))
    add('GatherV2', 'one constant id', lambda b: b.op('GatherV2', params=b.x((4, 3)), indices=2, axis=1))
    add('GatherV2', 'of an unknown batch', lambda b: b.op('GatherV2', params=b.x((None, 3)), indices=[2, 0, 1], axis=1))
    add('GatherV2', 'unknown number of ids', lambda b: b.op(
        'GatherV2', params=b.c((6, 3)), indices=b.x((None,), 'int32', 0, 6), axis=0))
    add('GatherV2', 'no ids', lambda b: b.op('GatherV2', params=b.x((4, 3)), indices=b.x((0,), 'int32'), axis=0))
    add('GatherV2', 'a clamped table read twice', table)
    add('GatherV2', 'embedding lookup', lambda b: tf.nn.embedding_lookup(b.c((6, 3)), b.x((2, 3), 'int32', 0, 6)))
    add('GatherV2', 'embedding lookup in two parts', lambda b: tf.compat.v1.nn.embedding_lookup(
        [b.c((3, 2)), b.c((3, 2))], b.x((4,), 'int32', 0, 6), partition_strategy='mod'))
    for shape, ids in [((4, 3), (2, 2)), ((4, 3), (3, 1)), ((2, 3, 2), (2, 3)), ((2, 3, 2), (2, 2)), ((2, 3, 2), (3, 1, 1)),
                       ((4,), (2, 1)), ((2, 2, 3, 2), (2, 2, 2)), ((4, 3), (2,)), ((2, 3), (2, 0))]:
        high = min(shape)
        add('GatherNd', f'of {dims(shape)} ids {dims(ids)}', lambda b: b.op(
            'GatherNd', params=b.x(shape), indices=b.x(ids, 'int32', 0, high)))
    add('GatherNd', 'int64 ids', lambda b: b.op('GatherNd', params=b.x((4, 3)), indices=b.x((2, 2), 'int64', 0, 3)))
    add('GatherNd', 'constant ids', lambda b: b.op('GatherNd', params=b.x((4, 3)), indices=[[0, 2], [3, 1]]))
    add('GatherNd', 'unknown number of ids', lambda b: b.op('GatherNd', params=b.x((4, 3)), indices=b.x((None, 2), 'int32', 0, 3)))
    for ids, updates, shape in [([[1], [3]], (2,), (5,)), ([[1], [0]], (2, 3), (4, 3)), ([[0, 1], [2, 2]], (2,), (3, 3)),
                                ([[1], [1]], (2,), (4,)), ([[[0], [1]], [[2], [3]]], (2, 2, 2), (4, 2)),
                                ([[0, 1], [1, 0]], (2, 3), (2, 2, 3))]:
        for dtype in ('float32', 'int32', 'int64', 'uint8', 'bool'):
            if dtype == 'bool' and ids == [[1], [1]]:
                continue
            add('ScatterNd', f'{dtype} {dims(updates)} into {dims(shape)} at {np.shape(ids)}', lambda b: b.op(
                'ScatterNd', indices=np.int32(ids), updates=b.x(updates, dtype), shape=shape))
    add('ScatterNd', 'fed ids', lambda b: b.op('ScatterNd', indices=b.x((2, 1), 'int32', data=[[3], [0]]), updates=b.x((2, 2)),
                                               shape=[4, 2]))
    add('ScatterNd', 'int64 ids', lambda b: b.op('ScatterNd', indices=b.x((2, 1), 'int64', data=[[3], [0]]), updates=b.x((2, 2)),
                                                 shape=np.int64([4, 2])))
    add('ScatterNd', 'fed shape', lambda b: b.op('ScatterNd', indices=[[3], [0]], updates=b.x((2, 2)),
                                                 shape=b.x((2,), 'int32', data=[5, 2])))
    for op in ('TensorScatterUpdate', 'TensorScatterAdd', 'TensorScatterSub', 'TensorScatterMin', 'TensorScatterMax'):
        scatters(add, op)


def scatters(add, op):
    def scatter(b, x, ids, updates):
        return b.op(op, tensor=x, indices=ids, updates=updates)
    add(op, 'of rows', lambda b: scatter(b, b.x((4, 2)), [[3], [0]], b.x((2, 2))))
    for words, shape, ids in [
            ('rows', (4, 2), [[3], [0]]), ('equal rows', (4, 2), [[3], [0], [3]]), ('numbers', (5,), [[4], [1], [1], [1]]),
            ('elements', (2, 3), [[0, 2], [1, 0]]), ('equal elements', (2, 3), [[0, 2], [1, 0], [0, 2]]),
            ('columns of a cube', (2, 2, 3), [[0, 1], [1, 0], [0, 1]]), ('elements of a cube', (2, 2, 3), [[0, 1, 2], [1, 0, 0]]),
            ('rows of rows', (4, 2), [[[3], [0]], [[1], [0]]]), ('one row', (4, 2), [[3]]), ('no rows', (4, 2), np.zeros((0, 1))),
            ('rows of five axes', (3, 1, 2, 1, 2), [[2], [0], [2]])]:
        ids, updates = np.int32(ids), np.shape(ids)[:-1] + shape[np.shape(ids)[-1]:]
        add(op, f'constant {words} of {dims(shape)}', lambda b: scatter(b, b.x(shape), ids, b.x(updates)))
        add(op, f'fed {words} of {dims(shape)}', lambda b: scatter(b, b.x(shape), b.x(ids.shape, 'int32', data=ids), b.x(updates)))
        add(op, f'{words} of {dims(shape)} of unknown sizes', lambda b: scatter(
            b, b.x((None,) * len(shape), fed=shape), b.x((None,) * (ids.ndim - 1) + ids.shape[-1:], 'int32', data=ids),
            b.x((None,) * len(updates), fed=updates)))
    ids = [[2], [0], [2]]
    for dtype in ('int8', 'uint8', 'int16', 'uint16', 'int32', 'int64', 'float64', 'half', 'bool'):
        if dtype != 'bool' or op == 'TensorScatterUpdate':
            add(op, f'{dtype} constant', lambda b: scatter(b, b.x((4, 2), dtype), ids, b.x((3, 2), dtype)))
            add(op, f'{dtype} constant and different', lambda b: scatter(b, b.x((4, 2), dtype), ids[:2], b.x((2, 2), dtype)))
            add(op, f'{dtype} fed', lambda b: scatter(b, b.x((4, 2), dtype), b.x((3, 1), 'int32', data=ids), b.x((3, 2), dtype)))
    add(op, 'int64 ids', lambda b: scatter(b, b.x((4, 2)), b.x((3, 1), 'int64', data=ids), b.x((3, 2))))
    add(op, 'into many elements', lambda b: scatter(
        b, b.x((40, 50)), b.x((3, 2), 'int32', data=[[39, 49], [1, 0], [39, 49]]), b.x((3,))))
    add(op, 'into constants', lambda b: scatter(b, b.c((4, 2)), b.x((3, 1), 'int32', data=ids), b.x((3, 2))))
    add(op, 'of constants', lambda b: scatter(b, b.x((4, 2)), b.x((3, 1), 'int32', data=ids), b.c((3, 2))))
    add(op, 'into nothing', lambda b: scatter(b, b.x((0, 2)), b.x((0, 1), 'int32'), b.x((0, 2))))
    add(op, 'of infinities', lambda b: scatter(
        b, b.x((5,), data=[np.inf, -np.inf, np.inf, -np.inf, 1]), b.x((3, 1), 'int32', data=[[4], [1], [0]]),
        b.x((3,), data=[2, -3, 3])))
    add(op, 'where x is positive', lambda b: (lambda x: scatter(
        b, x, tf.where(x > 0.), tf.gather_nd(x, tf.where(x > 0.)) * 2.))(b.x((3, 4))))
    add(op, 'nowhere', lambda b: (lambda x: scatter(
        b, x, tf.where(x > 99.), tf.gather_nd(x, tf.where(x > 99.)) * 2.))(b.x((3, 4))))
    if op == 'TensorScatterUpdate':
        add(op, 'of infinities and no numbers', lambda b: scatter(
            b, b.x((4,), data=[np.inf, np.nan, -np.inf, 1]), b.x((2, 1), 'int32', data=[[3], [0]]), b.x((2,), data=[np.nan, 3])))


def table(b):
    rows = b.op('GatherV2', params=b.c((6, 3)), indices=b.x((4,), 'int32', 0, 6), axis=0)
    return [tf.nn.relu(rows), rows + 1.]
