"""Padding of all kinds."""

import numpy as np
import tensorflow as tf

from .core import dims

PADS = {
    (4,): [[2, 1]], (2, 3): [[1, 0], [0, 2]], (2, 3, 2): [[0, 0], [1, 1], [2, 0]],
    (1, 3, 4, 2): [[0, 0], [1, 2], [2, 1], [0, 0]], (1, 2, 3, 2, 2): [[0, 0], [0, 1], [1, 0], [0, 0], [1, 1]],
}


def cases(add):
    for shape, pads in PADS.items():
        add('Pad', f'of {dims(shape)}', lambda b: b.op('Pad', input=b.x(shape), paddings=pads))
        add('PadV2', f'of {dims(shape)}', lambda b: b.op('PadV2', input=b.x(shape), paddings=pads, constant_values=-1.5))
        add('Pad', f'of {dims(shape)} int64 paddings', lambda b: b.op('Pad', input=b.x(shape), paddings=np.int64(pads)))
        add('Pad', f'of {dims(shape)} dynamic paddings', lambda b: b.op(
            'Pad', input=b.x(shape), paddings=b.x((len(shape), 2), 'int32', data=pads)))
        for mode in ('REFLECT', 'SYMMETRIC'):
            small = [[min(n, d - 1) for n in p] for p, d in zip(pads, shape)]
            add('MirrorPad', f'{mode} of {dims(shape)}', lambda b: b.op(
                'MirrorPad', input=b.x(shape), paddings=small, mode=mode))
    for mode in ('REFLECT', 'SYMMETRIC'):
        add('MirrorPad', f'{mode} all it can', lambda b: b.op(
            'MirrorPad', input=b.x((3, 4)), paddings=[[2, 2], [3, 3]] if mode == 'REFLECT' else [[3, 3], [4, 4]], mode=mode))
        add('MirrorPad', f'{mode} int64 paddings', lambda b: b.op(
            'MirrorPad', input=b.x((3, 4)), paddings=np.int64([[1, 1], [0, 2]]), mode=mode))
        add('MirrorPad', f'{mode} of an unknown batch', lambda b: b.op(
            'MirrorPad', input=b.x((None, 4)), paddings=[[0, 0], [1, 2]], mode=mode))
        for dtype in ('int32', 'int64', 'uint8', 'int8'):
            add('MirrorPad', f'{mode} {dtype}', lambda b: b.op(
                'MirrorPad', input=b.x((3, 4), dtype), paddings=[[1, 1], [0, 2]], mode=mode))
    for dtype in ('int32', 'int64', 'uint8', 'int8', 'int16', 'bool', 'float64', 'half'):
        add('Pad', dtype, lambda b: b.op('Pad', input=b.x((2, 3), dtype), paddings=[[1, 0], [0, 2]]))
        add('PadV2', dtype, lambda b: b.op('PadV2', input=b.x((2, 3), dtype), paddings=[[1, 0], [0, 2]],
                                           constant_values=np.array(3).astype(dtype if dtype != 'half' else 'float16')))
    add('PadV2', 'with a fed value', lambda b: b.op('PadV2', input=b.x((2, 3)), paddings=[[1, 0], [0, 2]],
                                                    constant_values=b.x(())))
    for op, more in (('Pad', {}), ('PadV2', {'constant_values': -np.inf})):
        add(op, 'by nothing', lambda b: b.op(op, input=b.x((2, 3)), paddings=[[0, 0], [0, 0]], **more))
        add(op, 'of an unknown batch', lambda b: b.op(op, input=b.x((None, 3)), paddings=[[0, 0], [1, 1]], **more))
        add(op, 'of unknown sizes', lambda b: b.op(op, input=b.x((None, None), fed=[2, 3]), paddings=[[1, 0], [1, 1]], **more))
        add(op, 'then max pool', lambda b: tf.nn.max_pool2d(
            b.op(op, input=b.x((1, 5, 5, 2)), paddings=[[0, 0], [1, 1], [1, 1], [0, 0]], **more), 3, 2, 'VALID'))
    add('Pad', 'then conv VALID', lambda b: tf.nn.conv2d(
        tf.pad(b.x((1, 5, 5, 2)), [[0, 0], [1, 1], [1, 1], [0, 0]]), b.c((3, 3, 2, 3)), 1, 'VALID'))
    add('Pad', 'of rank 6', lambda b: b.op('Pad', input=b.x((1, 2, 1, 2, 1, 2)), paddings=[[0, 1]] * 6))
    add('Pad', 'twice', lambda b: tf.pad(tf.pad(b.x((2, 3)), [[1, 0], [0, 1]]), [[0, 1], [1, 0]]))
