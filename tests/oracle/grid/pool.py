"""Pools and local response normalisation."""

import tensorflow as tf

from .core import dims


def cases(add):
    for op in ('MaxPool', 'AvgPool'):
        key = 'input' if op == 'MaxPool' else 'value'

        def pool(b, x, window, strides, padding, **more):
            return b.op(op, **{key: x}, ksize=[1, *window, 1], strides=[1, *strides, 1], padding=padding, **more)

        for padding in ('SAME', 'VALID'):
            for window, strides in [((2, 2), (2, 2)), ((3, 3), (1, 1)), ((3, 3), (2, 2)), ((2, 3), (1, 2)),
                                    ((1, 1), (2, 2)), ((3, 1), (3, 1)), ((1, 1), (1, 1)), ((2, 2), (3, 3))]:
                add(op, f'{padding} {dims(window)} strides {dims(strides)}', lambda b: pool(
                    b, b.x((1, 7, 6, 2)), window, strides, padding))
            add(op, f'{padding} of an unknown batch', lambda b: pool(b, b.x((None, 5, 5, 2)), (2, 2), (2, 2), padding))
            add(op, f'{padding} of unknown sizes', lambda b: pool(
                b, b.x((1, None, None, 2), fed=[1, 6, 5, 2]), (3, 3), (2, 2), padding))
            add(op, f'{padding} relu after', lambda b: tf.nn.relu(pool(b, b.x((1, 5, 5, 2)), (2, 2), (2, 2), padding)))
            add(op, f'{padding} of negatives', lambda b: pool(
                b, b.x((1, 5, 5, 2), low=-9, high=-1), (3, 3), (2, 2), padding))
        add(op, 'whole image', lambda b: pool(b, b.x((2, 4, 4, 3)), (4, 4), (1, 1), 'VALID'))
        add(op, 'between transposes', lambda b: tf.transpose(pool(
            b, tf.transpose(b.x((1, 2, 5, 6)), [0, 2, 3, 1]), (2, 2), (2, 2), 'VALID'), [0, 3, 1, 2]))
        add(op, 'NCHW', lambda b: nchw(b, pool, op, key))
        add(op, 'half', lambda b: pool(b, b.x((1, 4, 4, 2), 'half'), (2, 2), (2, 2), 'VALID'))
    for dtype in ('int32', 'uint8', 'int8', 'int16', 'int64', 'float64'):
        add('MaxPool', dtype, lambda b: b.op('MaxPool', input=b.x((1, 4, 4, 2), dtype), ksize=[1, 2, 2, 1],
                                             strides=[1, 2, 2, 1], padding='VALID'))
    add('MaxPool', 'EXPLICIT', lambda b: b.op('MaxPool', input=b.x((1, 5, 5, 2)), ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1],
                                              padding='EXPLICIT', explicit_paddings=[0, 0, 1, 0, 0, 1, 0, 0]))
    add('MaxPool', 'along depth', lambda b: b.op('MaxPool', input=b.x((1, 4, 4, 4)), ksize=[1, 1, 1, 2],
                                                 strides=[1, 1, 1, 2], padding='VALID'))
    add('MaxPoolV2', 'VALID', lambda b: b.op('MaxPoolV2', input=b.x((1, 4, 4, 2)), ksize=[1, 2, 2, 1],
                                             strides=[1, 2, 2, 1], padding='VALID'))
    add('AvgPool', 'l2 pool', lambda b: tf.sqrt(tf.nn.avg_pool2d(tf.square(b.x((1, 6, 5, 2))), 2, 2, 'VALID')))
    add('AvgPool', 'l2 pool SAME', lambda b: tf.sqrt(tf.nn.avg_pool2d(tf.square(b.x((1, 6, 5, 2))), 3, 2, 'SAME')))
    add('AvgPool', 'l2 pool square read twice', lambda b: (lambda s: [
        tf.sqrt(tf.nn.avg_pool2d(s, 2, 2, 'VALID')), s * 1.5])(tf.square(b.x((1, 6, 5, 2)))))
    for radius, bias, alpha, beta in [(5, 1., 1., 0.5), (2, 1., 1e-4, 0.75), (1, 2., 0.5, 0.6), (0, 1., 1., 0.5),
                                      (3, 0.5, 2., 1.)]:
        add('LRN', f'radius {radius} bias {bias} alpha {alpha} beta {beta}', lambda b: b.op(
            'LRN', input=b.x((1, 3, 2, 7)), depth_radius=radius, bias=bias, alpha=alpha, beta=beta))
    add('LRN', 'of an unknown batch', lambda b: b.op('LRN', input=b.x((None, 2, 2, 5)), depth_radius=2))


def nchw(b, pool, op, key):
    """Results come from a twin in NHWC, as TensorFlow has no kernel for NCHW on a CPU."""
    x = b.x((1, 2, 5, 6))
    same = tf.transpose(pool(b, tf.transpose(x, [0, 2, 3, 1]), (2, 2), (2, 2), 'VALID'), [0, 3, 1, 2])
    y = b.op(op, **{key: x}, ksize=[1, 1, 2, 2], strides=[1, 1, 2, 2], padding='VALID', data_format='NCHW')
    b.twins[y.name] = same
    return y
