"""Concat, Pack, Unpack and Split."""

import numpy as np
import tensorflow as tf

from .core import dims

TYPES = ('int32', 'int64', 'bool', 'uint8', 'int8', 'int16', 'float64', 'half')


def word(number):
    return f'minus {-number}' if number < 0 else str(number)


def cases(add):
    for shape in [(3,), (2, 3), (2, 1, 3), (1, 2, 2, 3)]:
        for axis in range(-len(shape), len(shape)):
            for count in (2, 3):
                add('ConcatV2', f'{count} of {dims(shape)} axis {word(axis)}', lambda b: b.op(
                    'ConcatV2', values=[b.x(shape) for _ in range(count)], axis=axis))
        for axis in range(-len(shape) - 1, len(shape) + 1):
            for count in (1, 2):
                add('Pack', f'{count} of {dims(shape)} axis {word(axis)}', lambda b: b.op(
                    'Pack', values=[b.x(shape) for _ in range(count)], axis=axis))
        for axis in range(-len(shape), len(shape)):
            add('Unpack', f'of {dims(shape)} axis {word(axis)}', lambda b: b.op(
                'Unpack', value=b.x(shape), num=shape[axis], axis=axis))
    for axis in (0, 1, -1):
        add('Concat', f'axis {word(axis)}', lambda b: b.op('Concat', concat_dim=axis, values=[b.x((2, 3)), b.x((2, 3))]))
    add('ConcatV2', 'different sizes', lambda b: b.op('ConcatV2', values=[b.x((2, 1)), b.x((2, 3)), b.x((2, 2))], axis=1))
    add('ConcatV2', 'with nothing', lambda b: b.op('ConcatV2', values=[b.x((2, 0)), b.x((2, 3))], axis=1))
    add('ConcatV2', 'with a constant', lambda b: b.op('ConcatV2', values=[b.x((2, 3)), b.c((2, 1))], axis=1))
    add('ConcatV2', 'of itself', lambda b: (lambda x: b.op('ConcatV2', values=[x, x], axis=0))(b.x((2, 3))))
    add('ConcatV2', 'of itself then add', lambda b: (lambda x: tf.concat([x, x], 0) + b.x((4, 3)))(b.x((2, 3))))
    add('ConcatV2', 'int64 axis', lambda b: b.op('ConcatV2', values=[b.x((2, 3)), b.x((2, 3))], axis=np.int64(1)))
    add('ConcatV2', 'of an unknown batch', lambda b: b.op('ConcatV2', values=[b.x((None, 3)), b.x((None, 2))], axis=1))
    add('ConcatV2', 'along an unknown batch', lambda b: b.op(
        'ConcatV2', values=[b.x((None, 3), fed=[2, 3]), b.x((None, 3), fed=[4, 3])], axis=0))
    add('ConcatV2', 'of one through tf.concat', lambda b: tf.concat([b.x((2, 3))], 0))
    add('ConcatV2', 'of seven', lambda b: b.op('ConcatV2', values=[b.c((1, 2)) if i % 2 else b.x((1, 2)) for i in range(7)], axis=0))
    add('ConcatV2', 'of concats', lambda b: tf.concat([tf.concat([b.x((2, 1)), b.x((2, 2))], 1), b.x((2, 3))], 1))
    add('ConcatV2', 'of ranks 5', lambda b: b.op('ConcatV2', values=[b.x((1, 2, 1, 2, 2)), b.x((1, 2, 1, 2, 2))], axis=3))
    for dtype in TYPES:
        add('ConcatV2', dtype, lambda b: b.op('ConcatV2', values=[b.x((2, 3), dtype), b.x((2, 3), dtype)], axis=1))
        add('Pack', dtype, lambda b: b.op('Pack', values=[b.x((2, 3), dtype), b.x((2, 3), dtype)], axis=1))
        add('Unpack', dtype, lambda b: b.op('Unpack', value=b.x((2, 3), dtype), num=2))
        add('Split', dtype, lambda b: b.op('Split', axis=1, value=b.x((2, 4), dtype), num_split=2))
    for axis in (0, 1, -1):
        add('Pack', f'scalars axis {word(axis)}' if axis != 1 else 'three scalars', lambda b: b.op(
            'Pack', values=[b.x(()), b.x(()), b.x(())], axis=axis if axis != 1 else 0))
    add('Pack', 'with a constant', lambda b: b.op('Pack', values=[b.x((3,)), b.c((3,))], axis=1))
    add('Pack', 'of itself', lambda b: (lambda x: b.op('Pack', values=[x, x]))(b.x((2, 3))))
    add('Pack', 'of an unknown batch', lambda b: b.op('Pack', values=[b.x((None, 3)), b.x((None, 3))], axis=1))
    add('Unpack', 'of an unknown batch', lambda b: b.op('Unpack', value=b.x((None, 3)), num=3, axis=1))
    add('Unpack', 'one output read', lambda b: b.op('Unpack', value=b.x((3, 2)), num=3)[1])
    add('Unpack', 'then pack', lambda b: b.op('Pack', values=b.op('Unpack', value=b.x((3, 2)), num=3)[::-1]))
    for shape, axis, count in [((4,), 0, 2), ((2, 6), 1, 3), ((2, 6), -1, 2), ((2, 6), 0, 2), ((1, 2, 3, 4), 3, 4),
                               ((1, 2, 3, 4), -3, 2), ((2, 3), 1, 1)]:
        add('Split', f'of {dims(shape)} axis {word(axis)} in {count}', lambda b: b.op(
            'Split', axis=axis, value=b.x(shape), num_split=count))
    add('Split', 'second output read', lambda b: b.op('Split', axis=1, value=b.x((2, 4)), num_split=2)[1])
    add('Split', 'then swapped', lambda b: tf.concat(b.op('Split', axis=1, value=b.x((2, 4)), num_split=2)[::-1], 1))
    add('Split', 'of an unknown batch', lambda b: b.op('Split', axis=1, value=b.x((None, 4)), num_split=2))
    add('Split', 'gated', lambda b: (lambda s: s[0] * tf.sigmoid(s[1]))(tf.split(b.x((2, 3, 4)), 2, axis=-1)))
    for shape, sizes, axis in [((6,), [1, 2, 3], 0), ((2, 6), [4, 2], 1), ((2, 6), [-1, 2], 1), ((2, 6), [1, -1, 1], -1),
                               ((5, 2), [2, 0, 3], 0), ((1, 2, 2, 5), [3, 2], 3), ((2, 6), [6], 1)]:
        words = ' '.join(map(word, sizes))
        add('SplitV', f'of {dims(shape)} {words} axis {word(axis)}', lambda b: b.op(
            'SplitV', value=b.x(shape), size_splits=np.int32(sizes), axis=axis, num_split=len(sizes)))
    add('SplitV', 'int64 sizes', lambda b: b.op('SplitV', value=b.x((2, 6)), size_splits=np.int64([4, 2]), axis=1, num_split=2))
    add('SplitV', 'fed sizes', lambda b: b.op('SplitV', value=b.x((2, 6)), size_splits=b.x((2,), 'int32', data=[4, 2]), axis=1, num_split=2))
    add('SplitV', 'int32', lambda b: b.op('SplitV', value=b.x((2, 6), 'int32'), size_splits=[4, 2], axis=1, num_split=2))
    add('SplitV', 'of an unknown batch', lambda b: b.op('SplitV', value=b.x((None, 6)), size_splits=[4, 2], axis=1, num_split=2))
