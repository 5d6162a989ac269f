"""Reshape, Transpose, Squeeze, Tile, Fill, Range and the ops that ask for a shape."""

import itertools

import numpy as np
import tensorflow as tf

from .core import dims


def cases(add):
    for source, target in [((2, 6), (3, 4)), ((2, 6), (-1,)), ((2, 6), (2, -1, 3)), ((12,), (1, 2, 3, 2)), ((1,), ()),
                           ((), (1, 1)), ((2, 0), (0, 5)), ((2, 3, 4), (2, 3, 4)), ((1, 2, 3, 4), (-1, 12)),
                           ((2, 1, 2, 1, 3, 1), (3, -1))]:
        words = f'{dims(source)} to {dims(target)}'.replace('-1', 'rest')
        add('Reshape', words, lambda b: b.op('Reshape', tensor=b.x(source), shape=np.int32(target)))
        add('Reshape', f'{words} int64', lambda b: b.op('Reshape', tensor=b.x(source), shape=np.int64(target)))
        add('Reshape', f'{words} fed', lambda b: b.op(
            'Reshape', tensor=b.x(source), shape=b.x((len(target),), 'int32', data=np.int32(target))))
    for dtype in ('int32', 'int64', 'bool', 'uint8', 'int8', 'int16', 'float64', 'half'):
        add('Reshape', dtype, lambda b: b.op('Reshape', tensor=b.x((2, 6), dtype), shape=[3, 4]))
        add('Transpose', dtype, lambda b: b.op('Transpose', x=b.x((2, 3), dtype), perm=[1, 0]))
        add('Tile', dtype, lambda b: b.op('Tile', input=b.x((2, 3), dtype), multiples=[2, 1]))
        add('Fill', dtype, lambda b: b.op('Fill', dims=b.x((2,), 'int32', data=[2, 3]), value=b.c((), dtype, 0, 5)))
    for batch in ([-1, 6], [2, -1], [-1], [1, -1, 3]):
        add('Reshape', f'of an unknown batch to {dims(batch)}'.replace('-1', 'rest'), lambda b: b.op(
            'Reshape', tensor=b.x((None, 6), fed=[4, 6]), shape=batch))
    for rank in (2, 3, 4):
        for perm in itertools.permutations(range(rank)):
            add('Transpose', f'rank {rank} by {" ".join(map(str, perm))}', lambda b: b.op(
                'Transpose', x=b.x((2, 3, 4, 5)[:rank]), perm=perm))
    for perm in [(0, 4, 1, 2, 3), (4, 3, 2, 1, 0), (0, 2, 3, 1, 4), (1, 0, 2, 3, 4)]:
        add('Transpose', f'rank 5 by {" ".join(map(str, perm))}', lambda b: b.op(
            'Transpose', x=b.x((2, 3, 2, 2, 3)), perm=perm))
    add('Transpose', 'rank 6', lambda b: b.op('Transpose', x=b.x((1, 2, 3, 1, 2, 2)), perm=[0, 5, 1, 3, 4, 2]))
    add('Transpose', 'with ones', lambda b: b.op('Transpose', x=b.x((1, 3, 1, 4)), perm=[0, 2, 1, 3]))
    add('Transpose', 'by int64', lambda b: b.op('Transpose', x=b.x((2, 3, 4)), perm=np.int64([2, 0, 1])))
    add('Transpose', 'by a fed perm', lambda b: b.op('Transpose', x=b.x((2, 3, 4)), perm=b.x((3,), 'int32', data=[2, 0, 1])))
    add('Transpose', 'of an unknown batch', lambda b: b.op('Transpose', x=b.x((None, 3, 4), fed=[2, 3, 4]), perm=[0, 2, 1]))
    add('Transpose', 'as tf.transpose writes it', lambda b: tf.transpose(b.x((2, 3, 4))))
    for shape, axes in [((1, 3, 1), []), ((1, 3, 1), [0]), ((1, 3, 1), [-1]), ((1, 3, 1), [0, 2]), ((1, 1), []), ((3, 1, 2, 1), [1])]:
        words = ' '.join(map(str, axes)).replace('-', 'minus ') or 'all'
        add('Squeeze', f'of {dims(shape)} {words}', lambda b: b.op('Squeeze', input=b.x(shape), axis=axes))
    add('Squeeze', 'of an unknown batch', lambda b: b.op('Squeeze', input=b.x((None, 1, 3)), axis=[1]))
    add('Squeeze', 'of an unknown batch all named', lambda b: b.op('Squeeze', input=b.x((None, 1, 1, 3)), axis=[1, 2]))
    for shape in [(), (3,), (2, 3), (2, 3, 4)]:
        for axis in range(-len(shape) - 1, len(shape) + 1):
            add('ExpandDims', f'of {dims(shape)} at {axis}'.replace('-', 'minus '), lambda b: b.op(
                'ExpandDims', input=b.x(shape), axis=axis))
    add('ExpandDims', 'at int64', lambda b: b.op('ExpandDims', input=b.x((2, 3)), axis=np.int64(1)))
    add('ExpandDims', 'at a vector of one', lambda b: b.op('ExpandDims', input=b.x((2, 3)), axis=[1]))
    for axis in (0, 1, -1):
        add('ExpandDims', f'of an unknown batch at {axis}'.replace('-', 'minus '), lambda b: b.op(
            'ExpandDims', input=b.x((None, 3)), axis=axis))
    for shape, multiples in [((3,), [2]), ((2, 3), [1, 2]), ((2, 3), [3, 2]), ((2, 3), [1, 1]), ((1, 2, 1, 3), [2, 1, 3, 1]),
                             ((2, 3), [0, 2]), ((1, 2, 2, 1, 2), [1, 2, 1, 2, 1])]:
        add('Tile', f'of {dims(shape)} by {dims(multiples)}', lambda b: b.op('Tile', input=b.x(shape), multiples=multiples))
    add('Tile', 'by int64', lambda b: b.op('Tile', input=b.x((2, 3)), multiples=np.int64([2, 2])))
    add('Tile', 'by a fed value', lambda b: b.op('Tile', input=b.x((2, 3)), multiples=b.x((2,), 'int32', data=[2, 3])))
    add('Tile', 'of an unknown batch', lambda b: b.op('Tile', input=b.x((None, 3)), multiples=[1, 2]))
    asking(add)
    making(add)


def asking(add):
    for op in ('Shape', 'Size', 'Rank'):
        for shape in [(), (3,), (2, 3), (2, 0, 3)]:
            add(op, f'of {dims(shape)}', lambda b: b.op(op, input=b.x(shape)))
        add(op, 'of an unknown batch', lambda b: b.op(op, input=b.x((None, 3), fed=[4, 3])))
        add(op, 'of unknown sizes', lambda b: b.op(op, input=b.x((None, 2, None), fed=[4, 2, 3])))
        add(op, 'of an unknown rank', lambda b: unknown_rank(b, op))
        if op != 'Rank':
            add(op, 'int64', lambda b: b.op(op, input=b.x((2, 3)), out_type='int64'))
            add(op, 'int64 of an unknown batch', lambda b: b.op(op, input=b.x((None, 3), fed=[4, 3]), out_type='int64'))
        for dtype in ('int32', 'bool', 'int64', 'uint8'):
            add(op, f'of {dtype}', lambda b: b.op(op, input=b.x((2, 3), dtype)))
    add('ShapeN', 'of two', lambda b: b.op('ShapeN', input=[b.x((2, 3)), b.x((None, 4))]))


def unknown_rank(b, op):
    """The placeholder says nothing; --shapes does."""
    b.shapes = '2,3'
    return b.op(op, input=b.x(None, fed=[2, 3]))


def making(add):
    for words, shape, value in [('2x3 of float', [2, 3], 1.5), ('scalar of int', np.zeros(0, 'int32'), 3),
                                ('of int64 dims', np.int64([2, 2]), 0.25), ('of nothing', [0, 3], 1.)]:
        add('Fill', words, lambda b: b.op('Fill', dims=shape, value=value) + b.x((), 'int32' if value == 3 else 'float32'))
    add('Fill', 'with a fed value', lambda b: b.op('Fill', dims=[2, 3], value=b.x(())))
    add('Fill', 'of fed int64 dims', lambda b: b.op('Fill', dims=b.x((2,), 'int64', data=[2, 3]), value=1.))
    add('Fill', 'like x', lambda b: (lambda x: tf.fill(tf.shape(x), 2.) * x)(b.x((None, 3))))
    add('Fill', 'tf.ones of a batch', lambda b: (lambda x: tf.concat([x, tf.ones([tf.shape(x)[0], 1])], 1))(b.x((None, 3))))
    for dtype in ('int32', 'int64', 'float32'):
        for start, limit, delta in [(0, 5, 1), (1, 8, 3), (5, 0, -2), (2, 2, 1), (-3, 4, 2)]:
            words = f'{dtype} {start} to {limit} by {delta}'.replace('-', 'minus ')
            cast = np.dtype(dtype).type
            add('Range', words, lambda b: b.op('Range', start=cast(start), limit=cast(limit), delta=cast(delta)) + b.x((), dtype))
            add('Range', f'{words} fed limit', lambda b: b.op(
                'Range', start=cast(start), limit=b.x((), dtype, data=limit), delta=cast(delta)))
        add('Range', f'{dtype} all fed', lambda b: b.op(
            'Range', start=b.x((), dtype, data=1), limit=b.x((), dtype, data=7), delta=b.x((), dtype, data=2)))
    add('Range', 'of fractions', lambda b: b.op('Range', start=0.5, limit=2.1, delta=0.4) * b.x(()))
    add('Range', 'to a batch', lambda b: tf.range(tf.shape(b.x((None, 3)))[0]))
    for dtype in ('float32', 'int32', 'bool'):
        add('OnesLike', dtype, lambda b: b.op('OnesLike', x=b.x((2, 3), dtype)))
        add('OnesLike', f'{dtype} of an unknown batch', lambda b: b.op('OnesLike', x=b.x((None, 3), dtype)))
    for source, target in [((3,), (2, 3)), ((2, 1), (2, 3)), ((), (2, 2)), ((2, 1, 3), (2, 2, 2, 3))]:
        for dtype in ('float32', 'int32', 'bool'):
            add('BroadcastTo', f'{dtype} {dims(source)} to {dims(target)}', lambda b: b.op(
                'BroadcastTo', input=b.x(source, dtype), shape=target))
    add('BroadcastTo', 'a fed shape', lambda b: b.op('BroadcastTo', input=b.x((3,)), shape=b.x((2,), 'int32', data=[2, 3])))
    add('BroadcastArgs', 'of two', lambda b: b.op('BroadcastArgs', s0=b.x((2,), 'int32', data=[2, 1]), s1=b.x((1,), 'int32', data=[3])))
    for seed in (0, 7):
        add('RandomUniform', f'seed {seed}', lambda b: random(b, b.op('RandomUniform', shape=[2, 3], dtype='float32', seed=seed)))
    add('RandomUniform', 'of a fed shape', lambda b: random(b, b.op(
        'RandomUniform', shape=b.x((2,), 'int32', data=[2, 4]), dtype='float32', seed=3)))
    add('RandomUniform', 'like a batch', lambda b: random(b, b.op(
        'RandomUniform', shape=tf.shape(b.x((None, 3))), dtype='float32', seed=3, seed2=4)))
    add('RandomUniform', 'plus x', lambda b: random(b, b.x((2, 3)) + b.op('RandomUniform', shape=[2, 3], dtype='float32')))


def random(b, y):
    b.compare = 'shape'
    return y
