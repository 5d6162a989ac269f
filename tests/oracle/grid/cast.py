"""Casts between all types, and values that do not fit."""

import numpy as np
import tensorflow as tf

from .core import dims

TYPES = ['float32', 'float64', 'half', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'bool']


def cases(add):
    for source in TYPES:
        for target in TYPES:
            add('Cast', f'{source} to {target}', lambda b: b.op('Cast', x=b.x((2, 4), source, 0, 10), DstT=target))
    for target in ('int32', 'int64', 'int8', 'int16', 'bool'):
        add('Cast', f'negative float to {target}', lambda b: b.op(
            'Cast', x=b.x((6,), data=[-1.9, -1.5, -0.5, 0.5, 1.5, 1.9]), DstT=target))
    add('Cast', 'nan and infinity to bool', lambda b: b.op('Cast', x=b.x((4,), data=[np.nan, np.inf, 0., -0.]), DstT='bool'))
    for source, values in {'int32': [300, -1, 128, 70000, -129], 'int64': [2**40, -1, 2**31, 255, -2**31 - 1]}.items():
        for target in ('int8', 'uint8', 'int16', 'int32', 'uint32', 'float32'):
            add('Cast', f'{source} out of range to {target}', lambda b: b.op('Cast', x=b.x((5,), source, data=values),
                                                                            DstT=target))
    add('Cast', 'large int32 to float32', lambda b: b.op('Cast', x=b.x((3,), 'int32', data=[16777217, -16777219, 2**31 - 1]),
                                                        DstT='float32'))
    add('Cast', 'float32 complex64', lambda b: b.op('Cast', x=b.x((3,)), DstT='complex64'))
    for dtype in TYPES:
        add('Cast', f'complex64 to {dtype}', lambda b: b.op('Cast', x=b.x((2, 4), 'complex64', data=b.data((2, 4), low=0, high=9) + 1j), DstT=dtype))
        add('Cast', f'{dtype} to complex64', lambda b: b.op('Cast', x=b.x((2, 4), dtype, 0, 10), DstT='complex64'))
    complexes(add)
    add('Cast', 'int32 to float to int32', lambda b: tf.cast(tf.cast(b.x((3,), 'int32'), 'float32'), 'int32'))
    add('Cast', 'float to int32 to float', lambda b: tf.cast(tf.cast(b.x((6,)), 'int32'), 'float32'))
    add('Cast', 'bool to float times x', lambda b: (lambda x: tf.cast(x > 0., 'float32') * x)(b.x((3, 4))))
    add('Cast', 'uint8 image to float', lambda b: tf.cast(b.x((1, 4, 4, 3), 'uint8', 0, 255), 'float32') / 127.5 - 1.)
    add('Cast', 'half and back', lambda b: tf.cast(tf.cast(b.x((2, 3)), 'half'), 'float32'))
    add('Cast', 'half weights', lambda b: tf.matmul(b.x((2, 3)), tf.cast(b.c((3, 4), 'half'), 'float32')))
    add('Cast', 'truncating', lambda b: b.op('Cast', x=b.x((4,), data=[1.7, -1.7, 2.2, 0.]), DstT='int32', Truncate=True))
    add('Cast', 'of an unknown batch', lambda b: tf.cast(b.x((None, 3)), 'int32'))
    add('Cast', 'of a scalar', lambda b: tf.cast(b.x((), 'int32'), 'float32'))


def complexes(add):
    for op, argument in [('Real', 'input'), ('Imag', 'input'), ('ComplexAbs', 'x')]:
        for shape in [(), (5,), (2, 3), (2, 1, 2, 1, 2)]:
            add(op, f'of {dims(shape)}', lambda b: b.op(op, **{argument: b.x(shape, 'complex64')}))
        add(op, 'of an unknown batch', lambda b: b.op(op, **{argument: b.x((None, 3), 'complex64')}))
        add(op, 'of constants', lambda b: b.x((3,)) + b.op(op, **{argument: b.c((3,), 'complex64')}))
        add(op, 'of a cast', lambda b: b.op(op, **{argument: tf.cast(b.x((3,)), 'complex64')}))
        add(op, 'of a reshape', lambda b: b.op(op, **{argument: tf.reshape(b.x((2, 3), 'complex64'), [3, 2])}))
        add(op, 'of complex128', lambda b: b.op(op, **{argument: b.x((3,), 'complex128')}, Tout='float64'))
        add(op, 'of large numbers', lambda b: b.op(op, **{argument: b.x((4,), 'complex64', data=[3e30 + 4e30j, 1e-30 - 1e-30j, 3e38j, complex(np.inf, 1)])}))
