"""Normalisation: batch norm in its three ops and spelled out, l2, layer and instance norm."""

import tensorflow as tf

from .core import dims


def batch_norm(b, op, x, depth, is_training=False, **more):
    kinds = {'U': 'float32'} if op in ('FusedBatchNormV2', 'FusedBatchNormV3') else {}
    mean, variance = ([], []) if is_training else (b.c((depth,)), b.c((depth,), low=0.2, high=2))
    return b.op(op, x=x, scale=b.c((depth,), low=0.5, high=2), offset=b.c((depth,)), mean=mean, variance=variance,
                is_training=is_training, **more)[0]


def cases(add):
    for op in ('FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'):
        for shape in [(1, 3, 4, 2), (2, 2, 2, 3), (1, 1, 1, 4)]:
            for epsilon in (1e-4, 0.1):
                add(op, f'of {dims(shape)} epsilon {epsilon}', lambda b: batch_norm(
                    b, op, b.x(shape), shape[-1], epsilon=epsilon))
        add(op, 'training', lambda b: batch_norm(b, op, b.x((2, 3, 3, 2)), 2, True))
        add(op, 'of an unknown batch', lambda b: batch_norm(b, op, b.x((None, 2, 2, 3)), 3))
        add(op, 'then relu', lambda b: tf.nn.relu(batch_norm(b, op, b.x((1, 3, 3, 2)), 2)))
        add(op, 'NCHW', lambda b: nchw(b, op))
        add(op, 'with fed statistics', lambda b: b.op(
            op, x=b.x((1, 3, 3, 2)), scale=b.x((2,)), offset=b.x((2,)), mean=b.x((2,)), variance=b.x((2,), low=0.5, high=2),
            is_training=False)[0])
        add(op, 'without scale', lambda b: b.op(
            op, x=b.x((1, 3, 3, 2)), scale=[1., 1.], offset=b.c((2,)), mean=b.c((2,)), variance=b.c((2,), low=0.5, high=2),
            is_training=False)[0])
        for layer in ('conv', 'depthwise', 'conv with bias', 'conv then relu', 'transposed conv', 'conv read twice', 'conv SAME stride 2'):
            add(op, f'after {layer}', lambda b: after(b, op, layer))
        add(op, 'before conv', lambda b: tf.nn.conv2d(batch_norm(b, op, b.x((1, 4, 4, 2)), 2), b.c((3, 3, 2, 3)), 1, 'VALID'))
        add(op, 'before conv SAME', lambda b: tf.nn.conv2d(batch_norm(b, op, b.x((1, 4, 4, 2)), 2), b.c((3, 3, 2, 3)), 1, 'SAME'))
    for scaled in (False, True):
        add('BatchNormWithGlobalNormalization', f'scaled {scaled}', lambda b: old(b, scaled))
        add('BatchNormWithGlobalNormalization', f'scaled {scaled} after conv', lambda b: old(b, scaled, True))
    for name, form in SPELLED.items():
        for shape in [(2, 4), (1, 3, 3, 4)]:
            add('Composite', f'{name} of {dims(shape)}', lambda b: form(b, b.x(shape)))
        add('Composite', f'{name} after conv', lambda b: form(b, tf.nn.conv2d(b.x((1, 4, 4, 2)), b.c((3, 3, 2, 4)), 1, 'SAME')))
        add('Composite', f'{name} after matmul', lambda b: form(b, tf.matmul(b.x((2, 3)), b.c((3, 4)))))
    l2(add)
    add('Composite', 'layer norm', lambda b: layer_norm(b, b.x((2, 3, 4))))
    add('Composite', 'layer norm of an unknown batch', lambda b: layer_norm(b, b.x((None, 3, 4))))
    add('Composite', 'instance norm', instance_norm)
    add('Composite', 'rms norm', lambda b: (lambda x: x * tf.math.rsqrt(tf.reduce_mean(x * x, -1, keepdims=True) + 1e-6)
                                           * b.c((4,)))(b.x((2, 3, 4))))


def nchw(b, op):
    """Results come from a twin in NHWC, as TensorFlow has no kernel for NCHW on a CPU."""
    x = b.x((1, 2, 3, 4))
    p = dict(scale=b.c((2,), low=0.5, high=2), offset=b.c((2,)), mean=b.c((2,)), variance=b.c((2,), low=0.2, high=2),
             is_training=False)
    same = b.op(op, x=tf.transpose(x, [0, 2, 3, 1]), **p)[0]
    y = b.op(op, x=x, data_format='NCHW', **p)[0]
    b.twins[y.name] = tf.transpose(same, [0, 3, 1, 2])
    return y


def after(b, op, layer):
    x = b.x((1, 5, 5, 2))
    if layer == 'depthwise':
        y = tf.nn.depthwise_conv2d(x, b.c((3, 3, 2, 2)), [1, 1, 1, 1], 'SAME')
    elif layer == 'transposed conv':
        y = tf.nn.conv2d_transpose(x, b.c((3, 3, 4, 2)), [1, 10, 10, 4], 2, 'SAME')
    else:
        y = tf.nn.conv2d(x, b.c((3, 3, 2, 4)), 2 if '2' in layer else 1, 'SAME')
    if 'bias' in layer:
        y = tf.nn.bias_add(y, b.c((4,)))
    if 'relu' in layer:
        y = tf.nn.relu(y)
    z = batch_norm(b, op, y, 4)
    return [z, y * 2.] if 'twice' in layer else z


def old(b, scaled, conv=False):
    """Deprecated since GraphDef version 9; values come from the formula."""
    x = b.x((1, 3, 3, 2))
    value = tf.nn.conv2d(x, b.c((2, 2, 2, 2)), 1, 'SAME') if conv else x
    m, v, beta, gamma = b.c((2,)), b.c((2,), low=0.5, high=2), b.c((2,)), b.c((2,), low=0.5, high=2)
    same = (value - m) * tf.math.rsqrt(v + 0.01) * (gamma if scaled else 1.) + beta
    y = b.op('FusedBatchNorm', x=value, scale=gamma, offset=beta, mean=m, variance=v, is_training=False)[0]
    b.twins[y.name] = same

    def edit(definition):
        definition.versions.producer = 8
        for node in definition.node:
            if node.op == 'FusedBatchNorm':
                node.op = 'BatchNormWithGlobalNormalization'
                scale, offset, mean, variance = list(node.input)[1:5]
                del node.input[1:]
                node.input.extend([mean, variance, offset, scale])
                for key in list(node.attr):
                    if key != 'T':
                        del node.attr[key]
                node.attr['variance_epsilon'].f = 0.01
                node.attr['scale_after_normalization'].b = scaled
    b.edit = edit
    return y


def numbers(b):
    return b.c((4,)), b.c((4,), low=0.2, high=2), b.c((4,)), b.c((4,), low=0.5, high=2)


def plain(b, x):
    m, v, beta, gamma = numbers(b)
    return tf.nn.batch_normalization(x, m, v, beta, gamma, 1e-3)


def divided(b, x):
    m, v, beta, gamma = numbers(b)
    return gamma * (x - m) / tf.sqrt(v + 1e-3) + beta


SPELLED = {'batch norm by tf.nn': plain, 'batch norm by division': divided,
           'batch norm without scale': lambda b, x: tf.nn.batch_normalization(x, *numbers(b)[:3], None, 1e-3)}


def l2(add):
    for shape in [(2, 3), (1, 2, 3, 4), (2, 3, 4)]:
        for axis in [*range(-1, len(shape)), [0, 1]]:
            words = f'of {dims(shape)} axis {axis}'.replace('-', 'minus ')
            add('Composite', f'l2 normalize {words}', lambda b: tf.math.l2_normalize(b.x(shape), axis))
            add('Composite', f'l2 normalize by sqrt and div {words}', lambda b: (lambda x: x / tf.sqrt(
                tf.reduce_sum(tf.square(x), axis, keepdims=True)))(b.x(shape)))
    for epsilon in (1e-12, 1e-3, 0.5, 4.):
        add('Composite', f'l2 normalize epsilon {epsilon}', lambda b: tf.math.l2_normalize(b.x((2, 4), low=-1, high=1), -1, epsilon))
        add('Composite', f'l2 normalize epsilon {epsilon} added', lambda b: (lambda x: x * tf.math.rsqrt(tf.reduce_sum(
            tf.square(x), -1, keepdims=True) + epsilon))(b.x((2, 4))))
    add('Composite', 'l2 normalize of zeros', lambda b: tf.math.l2_normalize(b.x((2, 4), data=[[0] * 4, [1, 0, 0, 0]]), -1))
    add('Composite', 'l2 normalize of an unknown batch', lambda b: tf.math.l2_normalize(b.x((None, 4)), -1))

    def read_twice(b):
        x = b.x((2, 4))
        total = tf.reduce_sum(tf.square(x), -1, keepdims=True)
        return [x * tf.math.rsqrt(tf.maximum(total, 1e-12)), total]
    add('Composite', 'l2 normalize with the sum read twice', read_twice)

    def another(b):
        x, y = b.x((2, 4)), b.x((2, 4))
        return y * tf.math.rsqrt(tf.reduce_sum(tf.square(x), -1, keepdims=True))
    add('Composite', 'l2 normalize of another tensor', another)


def layer_norm(b, x):
    mean, variance = tf.nn.moments(x, [-1], keepdims=True)
    return (x - mean) * tf.math.rsqrt(variance + 1e-5) * b.c((4,)) + b.c((4,))


def instance_norm(b):
    x = b.x((2, 3, 3, 2))
    mean = tf.reduce_mean(x, [1, 2], keepdims=True)
    variance = tf.reduce_mean(tf.math.squared_difference(x, mean), [1, 2], keepdims=True)
    return (x - mean) / tf.sqrt(variance + 1e-5)
