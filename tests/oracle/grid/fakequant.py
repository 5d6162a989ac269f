"""Fake quantisation."""

import tensorflow as tf

RANGES = [(-6, 6), (0, 6), (-1, 3), (0.5, 4), (-4, -1), (-0.01, 6.3)]


def cases(add):
    for low, high in RANGES:
        words = f'{low} to {high}'.replace('-', 'minus ')
        for bits in (8, 4, 16):
            for narrow in (False, True):
                more = {'num_bits': bits, 'narrow_range': narrow}
                tail = f'{words} {bits} bits{" narrow" if narrow else ""}'
                add('FakeQuantWithMinMaxArgs', tail, lambda b: b.op(
                    'FakeQuantWithMinMaxArgs', inputs=b.x((2, 6), low=-8, high=8), min=low, max=high, **more))
                if bits != 4:
                    add('FakeQuantWithMinMaxVars', tail, lambda b: b.op(
                        'FakeQuantWithMinMaxVars', inputs=b.x((2, 6), low=-8, high=8), min=float(low), max=float(high), **more))
    quant = lambda x, low=-6, high=6: tf.quantization.fake_quant_with_min_max_args(x, low, high)
    add('FakeQuantWithMinMaxArgs', 'of an unknown batch', lambda b: quant(b.x((None, 4))))
    add('FakeQuantWithMinMaxArgs', 'twice', lambda b: quant(quant(b.x((2, 6)))))
    add('FakeQuantWithMinMaxArgs', 'of weights', lambda b: tf.matmul(b.x((2, 3)), quant(b.c((3, 4)))))
    add('FakeQuantWithMinMaxArgs', 'of conv weights', lambda b: tf.nn.conv2d(b.x((1, 4, 4, 2)), quant(b.c((3, 3, 2, 3))), 1, 'SAME'))
    add('FakeQuantWithMinMaxArgs', 'around a conv', lambda b: quant(tf.nn.relu6(tf.nn.bias_add(tf.nn.conv2d(
        quant(b.x((1, 4, 4, 2))), quant(b.c((3, 3, 2, 3))), 1, 'SAME'), b.c((3,)))), 0, 6))
    add('FakeQuantWithMinMaxVars', 'fed range', lambda b: b.op(
        'FakeQuantWithMinMaxVars', inputs=b.x((2, 6)), min=b.x((), data=-2.), max=b.x((), data=2.)))
    add('FakeQuantWithMinMaxVars', 'range through identity', lambda b: b.op(
        'FakeQuantWithMinMaxVars', inputs=b.x((2, 6)), min=tf.identity(-2.), max=tf.identity(2.)))
