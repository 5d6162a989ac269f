"""Convolutions: strides, dilations, paddings, groups, layouts; transposed and 3-D ones."""

import numpy as np
import tensorflow as tf

from .core import dims


def conv(b, x, filters, padding='SAME', strides=(1, 1), dilations=(1, 1), **more):
    filters = b.c(filters) if isinstance(filters, tuple) else filters
    return b.op('Conv2D', input=x, filter=filters, padding=padding, strides=[1, *strides, 1],
                dilations=[1, *dilations, 1], **more)


def cases(add):
    for padding in ('SAME', 'VALID'):
        for kernel in [(1, 1), (3, 3), (2, 3), (5, 1), (4, 4)]:
            for strides in [(1, 1), (2, 2), (1, 2), (3, 2)]:
                add('Conv2D', f'{padding} kernel {dims(kernel)} strides {dims(strides)}', lambda b: conv(
                    b, b.x((1, 7, 6, 2)), (*kernel, 2, 3), padding, strides))
        for dilations in [(2, 2), (1, 2), (2, 1), (3, 2)]:
            for kernel in [(3, 3), (2, 3), (1, 3)]:
                add('Conv2D', f'{padding} kernel {dims(kernel)} dilations {dims(dilations)}', lambda b: conv(
                    b, b.x((1, 9, 8, 2)), (*kernel, 2, 3), padding, dilations=dilations))
            add('Conv2D', f'{padding} strides 2x2 dilations {dims(dilations)}', lambda b: conv(
                b, b.x((1, 9, 8, 2)), (3, 3, 2, 2), padding, (2, 2), dilations))
        for size in [(5, 5), (6, 4), (1, 1), (3, 8)]:
            kernel = (1, 1) if size == (1, 1) and padding == 'VALID' else (3, 3)
            add('Conv2D', f'{padding} of {dims(size)}', lambda b: conv(b, b.x((2, *size, 3)), (*kernel, 3, 4), padding, (2, 2)))
        for groups, depth, out in [(2, 4, 4), (3, 3, 6), (4, 4, 4), (2, 6, 2)]:
            add('Conv2D', f'{padding} {groups} groups {depth} to {out}', lambda b: conv(
                b, b.x((1, 5, 5, depth)), (3, 3, depth // groups, out), padding))
        add('Conv2D', f'{padding} depth one', lambda b: conv(b, b.x((1, 6, 5, 1)), (3, 3, 1, 4), padding))
        add('Conv2D', f'{padding} dynamic filter', lambda b: conv(b, b.x((1, 5, 5, 2)), b.x((3, 3, 2, 3)), padding))
        add('Conv2D', f'{padding} between transposes', lambda b: tf.transpose(conv(
            b, tf.transpose(b.x((1, 2, 5, 6)), [0, 2, 3, 1]), (3, 3, 2, 3), padding, (1, 2)), [0, 3, 1, 2]))
        add('Conv2D', f'{padding} NCHW', lambda b: nchw(b, padding))
        add('Conv2D', f'{padding} of an unknown batch', lambda b: conv(b, b.x((None, 5, 5, 2)), (3, 3, 2, 3), padding))
        add('Conv2D', f'{padding} of unknown sizes', lambda b: conv(
            b, b.x((None, None, None, 2), fed=[2, 6, 5, 2]), (3, 3, 2, 3), padding, (2, 2)))
    for pads in [(1, 1, 1, 1), (0, 2, 1, 0), (2, 0, 0, 3), (0, 0, 0, 0)]:
        for strides in [(1, 1), (2, 2)]:
            add('Conv2D', f'EXPLICIT {"-".join(map(str, pads))} strides {dims(strides)}', lambda b: conv(
                b, b.x((1, 6, 5, 2)), (3, 3, 2, 3), 'EXPLICIT', strides, explicit_paddings=[0, 0, *pads, 0, 0]))
    add('Conv2D', 'EXPLICIT with dilations', lambda b: conv(
        b, b.x((1, 7, 7, 2)), (3, 3, 2, 3), 'EXPLICIT', dilations=(2, 1), explicit_paddings=[0, 0, 2, 1, 0, 1, 0, 0]))
    add('Conv2D', 'float64', lambda b: conv(b, b.x((1, 5, 5, 2), 'float64'), b.c((3, 3, 2, 3), 'float64')))
    add('Conv2D', 'half', lambda b: conv(b, b.x((1, 4, 4, 2), 'half'), b.c((2, 2, 2, 3), 'half')))
    add('Conv2D', 'of an empty batch', lambda b: conv(b, b.x((0, 5, 5, 2)), (3, 3, 2, 3)))
    add('Conv2D', 'filter computed from constants', lambda b: conv(
        b, b.x((1, 5, 5, 2)), b.c((3, 3, 2, 3)) * b.c((3,)) + 1.))
    add('Conv2D', 'filter through identity', lambda b: conv(b, b.x((1, 5, 5, 2)), tf.identity(b.c((3, 3, 2, 3)))))
    add('Conv2D', 'filter transposed in the graph', lambda b: conv(
        b, b.x((1, 5, 5, 2)), tf.transpose(b.c((3, 2, 3, 3)), [2, 3, 1, 0])))
    add('Conv2D', 'constant image', lambda b: conv(b, b.c((1, 4, 4, 2)), b.x((3, 3, 2, 3))))
    add('Conv2D', 'all constant', lambda b: conv(b, b.c((1, 4, 4, 1)), (3, 3, 1, 2)) + b.x((1, 4, 4, 2)))
    add('Conv2D', 'image of int32 cast', lambda b: conv(b, tf.cast(b.x((1, 4, 4, 2), 'int32'), 'float32'), (3, 3, 2, 3)))
    add('Conv2D', 'conv1d', lambda b: tf.nn.conv1d(b.x((2, 8, 3)), b.c((3, 3, 4)), 2, 'SAME'))
    add('Conv2D', 'conv1d dilated', lambda b: tf.nn.conv1d(b.x((2, 8, 3)), b.c((3, 3, 4)), 1, 'VALID', dilations=2))
    add('Conv2D', 'padded by an op', lambda b: conv(
        b, tf.pad(b.x((1, 5, 5, 2)), [[0, 0], [1, 1], [1, 1], [0, 0]]), (3, 3, 2, 3), 'VALID', (2, 2)))
    transposed(add)
    three(add)


def nchw(b, padding):
    """Results come from a twin in NHWC, as TensorFlow has no kernel for NCHW on a CPU."""
    x, filters = b.x((1, 2, 5, 6)), b.c((3, 3, 2, 3))
    same = tf.transpose(b.op('Conv2D', input=tf.transpose(x, [0, 2, 3, 1]), filter=filters, padding=padding,
                             strides=[1, 1, 2, 1]), [0, 3, 1, 2])
    y = b.op('Conv2D', input=x, filter=filters, padding=padding, strides=[1, 1, 1, 2], data_format='NCHW')
    b.twins[y.name] = same
    return y


def transposed(add):
    def backprop(b, x, filters, sizes, padding, strides=(2, 2), **more):
        filters = b.c(filters) if isinstance(filters, tuple) else filters
        return b.op('Conv2DBackpropInput', input_sizes=sizes, filter=filters, out_backprop=x, padding=padding,
                    strides=[1, *strides, 1], **more)

    for padding, strides, kernel, size in [
            ('SAME', (2, 2), (3, 3), (8, 6)), ('SAME', (2, 2), (3, 3), (7, 5)), ('SAME', (1, 1), (3, 3), (4, 3)),
            ('SAME', (2, 1), (3, 2), (8, 3)), ('SAME', (3, 2), (4, 4), (11, 6)), ('SAME', (2, 2), (2, 2), (8, 6)),
            ('SAME', (3, 3), (2, 2), (12, 9)), ('VALID', (2, 2), (3, 3), (9, 7)), ('VALID', (1, 1), (2, 3), (5, 5)),
            ('VALID', (2, 2), (3, 3), (10, 8)), ('VALID', (2, 3), (2, 3), (8, 9)), ('VALID', (1, 2), (3, 1), (6, 5)),
            ('SAME', (1, 2), (5, 5), (4, 6)), ('SAME', (2, 2), (1, 1), (8, 6))]:
        words = f'{padding} kernel {dims(kernel)} strides {dims(strides)} to {dims(size)}'
        for depth in (1, 3):
            add('Conv2DBackpropInput', f'{words} depth {depth}', lambda b: backprop(
                b, b.x((1, 4, 3, 2)), (*kernel, depth, 2), [1, *size, depth], padding, strides))
    x = (1, 4, 3, 2)
    add('Conv2DBackpropInput', 'dynamic filter', lambda b: backprop(b, b.x(x), b.x((3, 3, 3, 2)), [1, 8, 6, 3], 'SAME'))
    add('Conv2DBackpropInput', 'EXPLICIT', lambda b: backprop(
        b, b.x(x), (3, 3, 3, 2), [1, 7, 6, 3], 'EXPLICIT', explicit_paddings=[0, 0, 1, 1, 0, 1, 0, 0]))
    add('Conv2DBackpropInput', 'with bias', lambda b: tf.nn.bias_add(
        backprop(b, b.x(x), (3, 3, 3, 2), [1, 8, 6, 3], 'SAME'), b.c((3,))))
    add('Conv2DBackpropInput', 'with bias and relu', lambda b: tf.nn.relu(tf.nn.bias_add(
        backprop(b, b.x(x), (3, 3, 3, 2), [1, 8, 6, 3], 'SAME'), b.c((3,)))))
    add('Conv2DBackpropInput', 'then mul', lambda b: b.c((3,)) * backprop(b, b.x(x), (3, 3, 3, 2), [1, 8, 6, 3], 'SAME'))
    add('Conv2DBackpropInput', 'then sub from a constant', lambda b: b.c((3,)) - backprop(
        b, b.x(x), (3, 3, 3, 2), [1, 8, 6, 3], 'SAME'))

    def of_batch(b):
        x = b.x((None, 4, 3, 2))
        sizes = tf.stack([tf.shape(x)[0], 8, 6, 3])
        return backprop(b, x, (3, 3, 3, 2), sizes, 'SAME')
    add('Conv2DBackpropInput', 'of an unknown batch', of_batch)

    def of_sizes(b):
        x = b.x((1, None, None, 2), fed=[1, 3, 4, 2])
        shape = tf.shape(x)
        return backprop(b, x, (3, 3, 3, 2), tf.stack([1, shape[1] * 2, shape[2] * 2, 3]), 'SAME')
    add('Conv2DBackpropInput', 'of unknown sizes', of_sizes)


def three(add):
    for padding in ('SAME', 'VALID'):
        add('Conv3D', padding, lambda b: b.op('Conv3D', input=b.x((1, 4, 4, 3, 2)), filter=b.c((2, 2, 2, 2, 3)),
                                              strides=[1, 1, 1, 1, 1], padding=padding))
        add('Conv3D', f'{padding} strided', lambda b: b.op('Conv3D', input=b.x((1, 4, 5, 6, 2)), filter=b.c((3, 2, 1, 2, 3)),
                                                           strides=[1, 2, 1, 2, 1], padding=padding))
    add('Conv3D', 'with bias', lambda b: tf.nn.bias_add(b.op(
        'Conv3D', input=b.x((1, 4, 4, 3, 2)), filter=b.c((2, 2, 2, 2, 3)), strides=[1] * 5, padding='SAME'), b.c((3,))))
    three_transposed(add)


def three_transposed(add):
    def backprop(b, x, filters, sizes, padding, strides=(2, 2, 2), **more):
        filters = b.c(filters) if isinstance(filters, tuple) else filters
        return b.op('Conv3DBackpropInputV2', input_sizes=sizes, filter=filters, out_backprop=x, padding=padding,
                    strides=[1, *strides, 1], **more)

    op, x = 'Conv3DBackpropInputV2', (1, 2, 2, 3, 2)
    for padding, strides, kernel, size in [
            ('SAME', (2, 2, 2), (2, 2, 2), (4, 4, 6)), ('SAME', (2, 2, 2), (3, 3, 3), (3, 4, 5)), ('SAME', (1, 1, 1), (3, 2, 1), (2, 2, 3)),
            ('SAME', (2, 1, 3), (3, 2, 4), (4, 2, 8)), ('SAME', (3, 3, 3), (1, 2, 1), (6, 5, 9)), ('SAME', (1, 2, 1), (5, 4, 2), (2, 4, 3)),
            ('VALID', (2, 2, 2), (3, 3, 3), (5, 5, 7)), ('VALID', (2, 2, 2), (3, 2, 1), (6, 5, 6)), ('VALID', (1, 1, 1), (2, 3, 1), (3, 4, 3)),
            ('VALID', (1, 2, 3), (1, 2, 3), (2, 4, 9)), ('VALID', (3, 1, 2), (2, 2, 2), (5, 3, 6))]:
        words = f'{padding} kernel {dims(kernel)} strides {dims(strides)} to {dims(size)}'
        for depth, batch in [(1, 1), (3, 2)]:
            add(op, f'{words} depth {depth}', lambda b: backprop(
                b, b.x((batch, *x[1:])), (*kernel, depth, 2), [batch, *size, depth], padding, strides))
    to = [1, 4, 4, 6, 3]
    add(op, 'SAME', lambda b: backprop(b, b.x(x), (2, 2, 2, 3, 2), to, 'SAME'))
    add(op, 'sizes of int64', lambda b: backprop(b, b.x(x), (2, 2, 2, 3, 2), tf.constant(to, 'int64'), 'SAME'))
    add(op, 'of an empty batch', lambda b: backprop(b, b.x((0, *x[1:])), (2, 2, 2, 3, 2), [0, *to[1:]], 'SAME'))
    add(op, 'dynamic filter', lambda b: backprop(b, b.x(x), b.x((2, 2, 2, 3, 2)), to, 'SAME'))
    add(op, 'float64', lambda b: backprop(b, b.x(x, 'float64'), b.c((2, 2, 2, 3, 2), 'float64'), to, 'SAME'))
    add(op, 'NCDHW', lambda b: three_channels_first(b, x))
    for padding in ('SAME', 'VALID'):
        add(op, f'{padding} dilated', lambda b: dilated(b, backprop, padding))
    add(op, 'with bias and relu', lambda b: tf.nn.relu(tf.nn.bias_add(backprop(b, b.x(x), (2, 2, 2, 3, 2), to, 'SAME'), b.c((3,)))))
    add(op, 'between convolutions', lambda b: b.op('Conv3D', input=backprop(b, b.op(
        'Conv3D', input=b.x((1, 4, 4, 6, 3)), filter=b.c((2, 2, 2, 3, 2)), strides=[1, 2, 2, 2, 1], padding='SAME'),
        (2, 2, 2, 3, 2), to, 'SAME'), filter=b.c((1, 1, 1, 3, 2)), strides=[1] * 5, padding='VALID'))

    def of_batch(b):
        images = b.x((None, *x[1:]))
        return backprop(b, images, (2, 2, 2, 3, 2), tf.stack([tf.shape(images)[0], *to[1:]]), 'SAME')
    add(op, 'of an unknown batch', of_batch)

    def of_sizes(b, padding, more):
        images = b.x((None, None, None, None, 2), fed=[2, 2, 3, 1, 2])
        n, d, h, w = tf.unstack(tf.shape(images))[:4]
        return backprop(b, images, (2, 3, 2, 3, 2), tf.stack([n, d * 2, h * 2 + more, w * 2, 3]), padding)
    add(op, 'of unknown sizes', lambda b: of_sizes(b, 'SAME', 0))
    add(op, 'VALID of unknown sizes', lambda b: of_sizes(b, 'VALID', 1))
    add(op, 'fed sizes', lambda b: backprop(b, b.x(x), (2, 2, 2, 3, 2), b.x((5,), 'int32', data=to), 'SAME'))


def dilated(b, backprop, padding):
    """Results come from a twin whose filter has zeros in between, as TensorFlow has no dilations on a CPU."""
    x, filters, dilation = b.x((1, 3, 4, 2, 2)), b.data((2, 3, 2, 3, 2)), (2, 1, 3)
    spread = np.zeros((*((k - 1) * d + 1 for k, d in zip(filters.shape, dilation)), 3, 2), np.float32)
    spread[::2, :, ::3] = filters
    sizes = [1, 3, 4, 2, 3] if padding == 'SAME' else [1, 5, 6, 5, 3]
    y = backprop(b, x, tf.constant(filters), sizes, padding, (1, 1, 1), dilations=[1, *dilation, 1])
    b.twins[y.name] = backprop(b, x, tf.constant(spread), sizes, padding, (1, 1, 1))
    return y


def three_channels_first(b, shape):
    """Results come from a twin in NDHWC, as TensorFlow has no kernel for NCDHW on a CPU."""
    x, filters = b.x((shape[0], shape[4], *shape[1:4])), b.c((2, 2, 2, 3, 2))
    same = tf.transpose(b.op('Conv3DBackpropInputV2', input_sizes=[1, 4, 4, 6, 3], filter=filters, padding='SAME',
                             out_backprop=tf.transpose(x, [0, 2, 3, 4, 1]), strides=[1, 2, 2, 2, 1]), [0, 4, 1, 2, 3])
    y = b.op('Conv3DBackpropInputV2', input_sizes=[1, 3, 4, 4, 6], filter=filters, out_backprop=x, padding='SAME',
             strides=[1, 1, 2, 2, 2], data_format='NCDHW')
    b.twins[y.name] = same
    return y
