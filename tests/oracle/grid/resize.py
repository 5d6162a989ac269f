"""Resizing of images."""

import tensorflow as tf

from .core import dims


def cases(add):
    for op in ('ResizeBilinear', 'ResizeNearestNeighbor'):
        for corners, half in [(False, False), (True, False), (False, True)]:
            flags = ('align corners' if corners else 'half pixels' if half else 'plain')
            for size in [(6, 8), (2, 2), (5, 3), (3, 4), (1, 1), (7, 9), (6, 4)]:
                add(op, f'{flags} 3x4 to {dims(size)}', lambda b: b.op(
                    op, images=b.x((1, 3, 4, 2)), size=size, align_corners=corners, half_pixel_centers=half))
            add(op, f'{flags} of an unknown batch', lambda b: b.op(
                op, images=b.x((None, 3, 4, 2)), size=[6, 8], align_corners=corners, half_pixel_centers=half))
            add(op, f'{flags} of unknown sizes', lambda b: b.op(
                op, images=b.x((1, None, None, 2), fed=[1, 3, 4, 2]), size=[5, 5], align_corners=corners,
                half_pixel_centers=half))
            add(op, f'{flags} to a fed size', lambda b: b.op(
                op, images=b.x((1, 3, 4, 2)), size=b.x((2,), 'int32', data=[5, 6]), align_corners=corners,
                half_pixel_centers=half))
        for dtype in ('uint8', 'int8', 'int32', 'half'):
            add(op, dtype, lambda b: b.op(op, images=b.x((1, 3, 4, 2), dtype, 0, 100), size=[6, 8]))

        def twice(b):
            x = b.x((1, None, None, 2), fed=[1, 3, 4, 2])
            return b.op(op, images=x, size=tf.shape(x)[1:3] * 2)
        add(op, 'to twice its size', twice)

        def like(b):
            x, y = b.x((None, 3, 4, 2)), b.x((None, 6, 5, 2))
            return b.op(op, images=x, size=tf.shape(y)[1:3]) + y
        add(op, 'to the size of another', like)
    add('ResizeNearestNeighbor', 'upsampling by tile', upsample)
    add('ResizeNearestNeighbor', 'upsampling by broadcasting', lambda b: tf.reshape(
        tf.reshape(b.x((1, 3, 4, 2)), [1, 3, 1, 4, 1, 2]) * tf.ones([1, 1, 2, 1, 2, 1]), [1, 6, 8, 2]))
    add('ResizeBilinear', 'tf.image.resize', lambda b: tf.image.resize(b.x((1, 3, 4, 2)), [6, 5]))


def upsample(b):
    x = tf.reshape(b.x((1, 3, 4, 2)), [1, 3, 1, 4, 1, 2])
    return tf.reshape(tf.tile(x, [1, 1, 2, 1, 2, 1]), [1, 6, 8, 2])
