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
    for op in ('TensorScatterUpdate', 'TensorScatterAdd'):
        add(op, 'of rows', lambda b: b.op(op, tensor=b.x((4, 2)), indices=[[3], [0]], updates=b.x((2, 2))))


def table(b):
    rows = b.op('GatherV2', params=b.c((6, 3)), indices=b.x((4,), 'int32', 0, 6), axis=0)
    return [tf.nn.relu(rows), rows + 1.]
