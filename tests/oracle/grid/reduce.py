"""Reductions: axes of every kind, kept dimensions, dtypes."""

import numpy as np
import tensorflow as tf

from .core import dims

OPS = ['Sum', 'Mean', 'Max', 'Min', 'Prod']
AXES = [((5,), [0]), ((2, 3), [0]), ((2, 3), [1]), ((2, 3), [-1]), ((2, 3), [0, 1]), ((2, 3), []), ((2, 3), 0), ((2, 3), -2),
        ((2, 3, 4), [1]), ((2, 3, 4), [0, 2]), ((2, 3, 4), [-1, 1]), ((1, 2, 3, 2), [1, 2]), ((1, 2, 3, 2), [3]),
        ((2, 1, 2, 1, 3), [1, 4]), ((), []), ((1, 2, 2, 3), [2, 1, 0])]


def words_of(axis):
    if isinstance(axis, int):
        return f'scalar {axis}'.replace('-', 'minus ')
    return ' '.join(map(str, axis)).replace('-', 'minus ') or 'none'


def cases(add):
    for op in OPS:
        for shape, axis in AXES:
            for keep in (False, True):
                add(op, f'of {dims(shape)} axes {words_of(axis)}{" kept" if keep else ""}', lambda b: b.op(
                    op, input=b.x(shape), axis=np.array(axis, 'int32'), keep_dims=keep))
        add(op, 'int64 axes', lambda b: b.op(op, input=b.x((2, 3)), axis=np.int64([0])))
        add(op, 'int64 scalar axis', lambda b: b.op(op, input=b.x((2, 3)), axis=np.int64(1)))
        add(op, 'fed axes', lambda b: b.op(op, input=b.x((2, 3)), axis=b.x((1,), 'int32', data=[1])))
        add(op, 'fed axes kept', lambda b: b.op(op, input=b.x((2, 3)), axis=b.x((1,), 'int32', data=[0]), keep_dims=True))
        add(op, 'of an unknown batch', lambda b: b.op(op, input=b.x((None, 3)), axis=[1]))
        add(op, 'of an unknown batch over it', lambda b: b.op(op, input=b.x((None, 3)), axis=[0]))
        add(op, 'over unknown sizes kept', lambda b: b.op(op, input=b.x((1, None, None, 2)), axis=[1, 2], keep_dims=True))
        add(op, 'of nothing', lambda b: b.op(op, input=b.x((2, 0)), axis=[1]) if op != 'Mean' else
            b.op(op, input=b.x((0, 3)), axis=[1]))
        add(op, 'with nan', lambda b: b.op(op, input=b.x((2, 3), data=[[1, np.nan, 2], [np.inf, 1, 2]]), axis=[1]))
        add(op, 'relu after', lambda b: tf.nn.relu(b.op(op, input=b.x((2, 3)), axis=[1])))
        for dtype in ('int32', 'int64', 'uint8', 'int8', 'int16', 'float64', 'half'):
            low = 1 if op == 'Prod' else None
            high = 3 if op == 'Prod' else None
            add(op, dtype, lambda b: b.op(op, input=b.x((2, 3), dtype, low, high), axis=[1]))
        for dtype in ('int32', 'int64'):
            add(op, f'{dtype} of negatives', lambda b: b.op(op, input=b.x((3, 4), dtype, -9, 0), axis=[0], keep_dims=True))
    for op in ('All', 'Any'):
        for shape, axis in AXES:
            for keep in (False, True):
                add(op, f'of {dims(shape)} axes {words_of(axis)}{" kept" if keep else ""}', lambda b: b.op(
                    op, input=b.x(shape, 'bool'), axis=np.array(axis, 'int32'), keep_dims=keep))
        add(op, 'of a comparison', lambda b: b.op(op, input=b.x((3, 4)) > -1., axis=[1]))
        add(op, 'of an unknown batch', lambda b: b.op(op, input=b.x((None, 3), 'bool'), axis=[1]))
    for op in ('EuclideanNorm',):
        add(op, 'of 2x3', lambda b: b.op(op, input=b.x((2, 3)), axis=[1]))
    add('L2Loss', 'of 2x3', lambda b: b.op('L2Loss', t=b.x((2, 3))))
    add('Composite', 'variance', lambda b: tf.math.reduce_variance(b.x((2, 3, 4)), axis=1))
    add('Composite', 'standard deviation', lambda b: tf.math.reduce_std(b.x((2, 3, 4)), axis=[0, 2]))
    add('Composite', 'log sum exp', lambda b: tf.reduce_logsumexp(b.x((2, 3)), axis=-1))
    add('Composite', 'moments', lambda b: tf.nn.moments(b.x((2, 3, 4)), [0, 1]))
    add('Composite', 'softmax by hand', lambda b: (lambda e: e / tf.reduce_sum(e, -1, keepdims=True))(
        (lambda x: tf.exp(x - tf.reduce_max(x, -1, keepdims=True)))(b.x((2, 4)))))
    add('Composite', 'mean twice', lambda b: tf.reduce_mean(tf.reduce_mean(b.x((1, 3, 4, 2)), 1), 1))
