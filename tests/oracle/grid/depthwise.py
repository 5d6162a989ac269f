"""Depthwise convolutions: multipliers, strides, dilations and paddings."""

import tensorflow as tf

from .core import dims


def depthwise(b, x, filters, padding='SAME', strides=(1, 1), dilations=(1, 1), **more):
    """Where TensorFlow has no kernel on a CPU, a grouped convolution gives the values."""
    filters = b.c(filters) if isinstance(filters, tuple) else filters
    same = {'padding': padding, 'strides': [1, *strides, 1], 'dilations': [1, *dilations, 1], **more}
    y = b.op('DepthwiseConv2dNative', input=x, filter=filters, **same)
    if dilations != (1, 1) or strides[0] != strides[1]:
        h, w, depth, multiplier = filters.shape
        b.twins[y.name] = b.op('Conv2D', input=x, filter=tf.reshape(filters, [h, w, 1, depth * multiplier]), **same)
    return y


def cases(add):
    op = 'DepthwiseConv2dNative'
    for padding in ('SAME', 'VALID'):
        for multiplier in (1, 2, 3):
            for kernel in [(3, 3), (1, 3), (2, 2)]:
                add(op, f'{padding} multiplier {multiplier} kernel {dims(kernel)}', lambda b: depthwise(
                    b, b.x((1, 6, 5, 3)), (*kernel, 3, multiplier), padding))
            add(op, f'{padding} multiplier {multiplier} strides 2x2', lambda b: depthwise(
                b, b.x((1, 7, 6, 2)), (3, 3, 2, multiplier), padding, (2, 2)))
            add(op, f'{padding} multiplier {multiplier} dilations 2x2', lambda b: depthwise(
                b, b.x((1, 8, 7, 2)), (3, 3, 2, multiplier), padding, dilations=(2, 2)))
            add(op, f'{padding} multiplier {multiplier} depth one', lambda b: depthwise(
                b, b.x((1, 5, 5, 1)), (3, 3, 1, multiplier), padding))
        for dilations in [(1, 2), (3, 1), (2, 3)]:
            add(op, f'{padding} dilations {dims(dilations)}', lambda b: depthwise(
                b, b.x((1, 9, 9, 2)), (3, 3, 2, 2), padding, dilations=dilations))
        for size in [(5, 5), (6, 4), (3, 8)]:
            add(op, f'{padding} strides 2x2 of {dims(size)}', lambda b: depthwise(
                b, b.x((2, *size, 3)), (3, 3, 3, 1), padding, (2, 2)))
        add(op, f'{padding} dynamic filter', lambda b: depthwise(b, b.x((1, 5, 5, 2)), b.x((3, 3, 2, 2)), padding))
        add(op, f'{padding} of an unknown batch', lambda b: depthwise(b, b.x((None, 5, 5, 2)), (3, 3, 2, 1), padding))
        add(op, f'{padding} of unknown sizes', lambda b: depthwise(
            b, b.x((1, None, None, 2), fed=[1, 6, 5, 2]), (3, 3, 2, 2), padding, (2, 2)))
        add(op, f'{padding} whole image', lambda b: depthwise(b, b.x((1, 3, 3, 4)), (3, 3, 4, 1), padding))
    add(op, 'strides 1x2', lambda b: depthwise(b, b.x((1, 6, 6, 2)), (3, 3, 2, 1), strides=(1, 2), padding='SAME'))
    for pads in [(1, 1, 1, 1), (0, 2, 1, 0)]:
        add(op, f'EXPLICIT {"-".join(map(str, pads))}', lambda b: depthwise(
            b, b.x((1, 6, 5, 2)), (3, 3, 2, 2), 'EXPLICIT', explicit_paddings=[0, 0, *pads, 0, 0]))
    add(op, 'with bias and relu6', lambda b: tf.nn.relu6(depthwise(b, b.x((1, 5, 5, 2)), (3, 3, 2, 2)) + b.c((4,))))
    add(op, 'with mul and add', lambda b: depthwise(b, b.x((1, 5, 5, 2)), (3, 3, 2, 2)) * b.c((4,)) + b.c((4,)))
    add(op, 'sub from a constant', lambda b: b.c((4,)) - depthwise(b, b.x((1, 5, 5, 2)), (3, 3, 2, 2)))
    add(op, 'div by a constant', lambda b: depthwise(b, b.x((1, 5, 5, 2)), (3, 3, 2, 2)) / b.c((4,), low=0.5, high=2))
    add(op, 'after mul', lambda b: depthwise(b, b.x((1, 5, 5, 2)) * 2., (3, 3, 2, 2)))
    add(op, 'after mul by channels', lambda b: depthwise(b, b.x((1, 5, 5, 2)) * b.c((2,)), (3, 3, 2, 2)))
    add(op, 'separable', lambda b: tf.nn.separable_conv2d(
        b.x((1, 6, 6, 3)), b.c((3, 3, 3, 2)), b.c((1, 1, 6, 4)), [1, 1, 1, 1], 'SAME'))
    add(op, 'half', lambda b: depthwise(b, b.x((1, 4, 4, 2), 'half'), b.c((2, 2, 2, 1), 'half')))
