"""Images that are enlarged and convolved; gates made from what they gate, and sums behind them."""

import itertools

import tensorflow as tf

from .core import dims


def cases(add):
    enlarged(add)
    gated(add)


def conv(b, x, channels, size=1, bias=True, strides=1):
    y = tf.nn.conv2d(x, b.c((size, size, x.shape[-1], channels), low=-0.5, high=0.5), strides, 'SAME')
    return y + b.c((channels,)) if bias else y


def enlarge(x, size, method, convention):
    resize = tf.compat.v1.image.resize_bilinear if method == 'bilinear' else tf.compat.v1.image.resize_nearest_neighbor
    return resize(x, size, align_corners=convention == 'corners', half_pixel_centers=convention == 'half pixels')


def enlarged(add):
    def one(method, convention, shape, size, channels, act, kernel=1, strides=1):
        def build(b):
            y = conv(b, enlarge(b.x(shape, fed=[2 if d is None else d for d in shape]), size, method, convention), channels, kernel, strides=strides)
            return act(y) if act else y
        words = f'{method} {convention} of {dims(shape)} to {dims(size)} then {kernel}x{kernel} of {channels} stride {strides}'
        add('Composite', f'{words} {act.__name__ if act else "plain"}', build)

    for method, convention in itertools.product(('bilinear', 'nearest'), ('plain', 'corners', 'half pixels')):
        for size in [(6, 8), (5, 3), (2, 8), (3, 4), (2, 2)]:
            for act in (None, tf.nn.relu, tf.nn.sigmoid):
                one(method, convention, (1, 3, 4, 5), size, 3, act)
        one(method, convention, (None, 3, 4, 5), (7, 9), 5, tf.nn.relu6)
        one(method, convention, (1, 3, 4, 2), (6, 8), 3, None)
        one(method, convention, (1, 3, 4, 3), (6, 8), 3, None, kernel=3)
        one(method, convention, (1, 3, 4, 3), (6, 8), 3, None, strides=2)


def gated(add):
    def block(b, batch, width, act, after, swapped, projected, size=(4, 6)):
        a = b.x((batch, *size, 3), fed=[batch or 2, *size, 3])
        x = b.x((batch, *size, width), fed=[batch or 2, *size, width])
        c = conv(b, x, 3) if projected else tf.nn.relu(x)
        pooled = tf.reduce_mean(tf.concat([c, a] if swapped else [a, c], 3), [1, 2], keepdims=True)
        gate = tf.sigmoid(conv(b, act(conv(b, pooled, 4)), 3))
        return after(conv(b, a * gate + c, 5))

    def twice(b):
        a, x = b.x((1, 4, 6, 3)), b.x((1, 2, 3, 4))
        for _ in range(2):
            c = conv(b, enlarge(x, (4, 6), 'bilinear', 'plain'), 3)
            gate = tf.sigmoid(conv(b, tf.nn.relu(conv(b, tf.nn.avg_pool2d(tf.concat([a, c], 3), (4, 6), 1, 'VALID'), 2)), 3))
            d = conv(b, a * gate + c, 3)
            x = d + tf.nn.relu(tf.nn.depthwise_conv2d(d, b.c((3, 3, 3, 1)), [1, 1, 1, 1], 'SAME'))
        return x

    for batch, width, act, after, swapped, projected in itertools.product(
            (1, None), (2, 6, 7), (tf.nn.relu, tf.tanh), (tf.identity, tf.nn.relu), (False, True), (True,)):
        words = f'batch {batch or "any"} width {width} {act.__name__} then {after.__name__}{" swapped" if swapped else ""}'
        add('Composite', f'gated sum {words}', lambda b: block(b, batch, width, act, after, swapped, projected))
    add('Composite', 'gated sum of an activation', lambda b: block(b, 1, 3, tf.nn.relu, tf.identity, False, False))
    add('Composite', 'gated sum too large to widen', lambda b: block(b, 1, 9, tf.nn.relu, tf.identity, False, True, (200, 200)))
    add('Composite', 'gated sums of enlarged images', twice)
