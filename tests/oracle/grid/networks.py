"""Small networks in the manner of well-known ones."""

import tensorflow as tf


def conv(b, x, out, kernel=3, stride=1, padding='SAME', act=tf.nn.relu, norm=True, bias=False):
    y = tf.nn.conv2d(x, b.c((kernel, kernel, int(x.shape[-1]), out), low=-0.4, high=0.4), stride, padding)
    return tail(b, y, out, act, norm, bias)


def depthwise(b, x, stride=1, act=tf.nn.relu6):
    depth = int(x.shape[-1])
    return tail(b, tf.nn.depthwise_conv2d(x, b.c((3, 3, depth, 1), low=-0.5, high=0.5), [1, stride, stride, 1], 'SAME'), depth, act, True, False)


def tail(b, y, out, act, norm, bias):
    if bias:
        y = tf.nn.bias_add(y, b.c((out,), low=-0.5, high=0.5))
    if norm:
        y = tf.compat.v1.nn.fused_batch_norm(y, b.c((out,), low=0.5, high=1.5), b.c((out,), low=-0.5, high=0.5), b.c((out,), low=-0.5, high=0.5),
                                             b.c((out,), low=0.5, high=1.5), is_training=False, epsilon=1e-3)[0]
    return act(y) if act else y


def dense(b, x, out, act=None):
    y = tf.nn.bias_add(tf.matmul(x, b.c((int(x.shape[-1]), out), low=-0.4, high=0.4)), b.c((out,)))
    return act(y) if act else y


def hswish(x):
    return x * tf.nn.relu6(x + 3.) / 6.


def lenet(b, x):
    y = tf.nn.max_pool2d(conv(b, x, 4, 3, norm=False, bias=True), 2, 2, 'SAME')
    y = tf.nn.max_pool2d(conv(b, y, 4, 3, norm=False, bias=True), 2, 2, 'SAME')
    return tf.nn.softmax(dense(b, dense(b, tf.reshape(y, [-1, 16]), 8, tf.nn.relu), 5))


def mobilenet(b, x):
    y = conv(b, x, 4, 3, 2, act=tf.nn.relu6)
    for out, stride in ((6, 1), (8, 2)):
        y = conv(b, depthwise(b, y, stride), out, 1, act=tf.nn.relu6)
    y = tf.nn.avg_pool2d(y, [2, 2], [2, 2], 'VALID')
    return tf.nn.softmax(tf.squeeze(conv(b, y, 5, 1, act=None, norm=False, bias=True), [1, 2]))


def mobilenet2(b, x):
    y = conv(b, x, 4, 3, 2, act=tf.nn.relu6)
    for _ in range(2):
        z = depthwise(b, conv(b, y, 8, 1, act=tf.nn.relu6))
        y = y + conv(b, z, 4, 1, act=None)
    return tf.reduce_mean(y, [1, 2])


def mobilenet3(b, x):
    y = conv(b, x, 4, 3, 2, act=hswish)
    z = conv(b, y, 8, 1, act=hswish)
    z = depthwise(b, z, act=tf.nn.relu)
    s = tf.reduce_mean(z, [1, 2], keepdims=True)
    s = conv(b, conv(b, s, 4, 1, norm=False, bias=True), 8, 1, act=lambda t: tf.nn.relu6(t + 3.) / 6., norm=False, bias=True)
    return y + conv(b, z * s, 4, 1, act=None)


def resnet(b, x):
    y = tf.nn.max_pool2d(conv(b, tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]), 4, 3, 1, 'VALID'), 3, 2, 'SAME')
    z = conv(b, conv(b, y, 4), 4, act=None)
    y = tf.nn.relu(y + z)
    z = conv(b, conv(b, y, 6, stride=2), 6, act=None)
    y = tf.nn.relu(conv(b, y, 6, 1, 2, act=None) + z)
    return dense(b, tf.reduce_mean(y, [1, 2]), 3)


def inception(b, x):
    one = conv(b, x, 3, 1)
    three = conv(b, conv(b, x, 2, 1), 3)
    pool = conv(b, tf.nn.avg_pool2d(x, 3, 1, 'SAME'), 2, 1)
    most = tf.nn.max_pool2d(x, 3, 1, 'SAME')
    return tf.nn.local_response_normalization(tf.concat([one, three, pool, most], 3))


def densenet(b, x):
    for _ in range(3):
        x = tf.concat([x, conv(b, tf.nn.relu(x), 2)], -1)
    return conv(b, x, 4, 1)


def unet(b, x):
    down = conv(b, x, 4)
    y = conv(b, tf.nn.max_pool2d(down, 2, 2, 'VALID'), 6)
    y = tf.nn.conv2d_transpose(y, b.c((2, 2, 4, 6)), tf.concat([tf.shape(y)[:1], [8, 8, 4]], 0), 2, 'SAME')
    return tf.sigmoid(conv(b, tf.concat([down, tf.nn.relu(y)], 3), 1, 1, act=None, norm=False, bias=True))


def deeplab(b, x):
    y = conv(b, x, 4)
    branches = [conv(b, y, 2, 1)] + [tail(b, tf.nn.conv2d(y, b.c((3, 3, 4, 2)), 1, 'SAME', dilations=r), 2, tf.nn.relu, True, False) for r in (2, 3)]
    pooled = tf.image.resize(conv(b, tf.reduce_mean(y, [1, 2], keepdims=True), 2, 1), [8, 8])
    y = conv(b, tf.concat(branches + [pooled], 3), 3, 1)
    return tf.argmax(tf.compat.v1.image.resize_bilinear(y, [16, 16], align_corners=True), 3)


def ssd(b, x):
    y = conv(b, x, 4, stride=2)
    z = conv(b, y, 4, stride=2)
    boxes, scores = [], []
    for feature, cells in ((y, 16), (z, 4)):
        boxes.append(tf.reshape(conv(b, feature, 8, 1, act=None, norm=False, bias=True), tf.stack([tf.shape(x)[0], cells * 2, 4])))
        scores.append(tf.reshape(conv(b, feature, 6, 1, act=None, norm=False, bias=True), [-1, cells * 2, 3]))
    return [tf.concat(boxes, 1), tf.sigmoid(tf.concat(scores, 1))]


def pose(b, x):
    heat = conv(b, x, 3, act=None)
    flat = tf.reshape(heat, [-1, 64, 3])
    best = tf.argmax(flat, 1, output_type='int32')
    return [tf.stack([best // 8, best % 8], -1), tf.reduce_max(flat, 1)]


def super_resolution(b, x):
    return tf.nn.depth_to_space(conv(b, conv(b, x, 4, norm=False, bias=True), 12, act=None, norm=False, bias=True), 2) + tf.image.resize(x, [16, 16])


def autoencoder(b, x):
    y = dense(b, tf.reshape(x, [-1, 192]), 4, tf.tanh)
    return tf.reshape(dense(b, y, 192, tf.sigmoid), tf.shape(x))


def transformer(b, x):
    y = tf.reshape(x, [-1, 8, 24])
    q, k, v = (tf.tensordot(y, b.c((24, 8), low=-0.4, high=0.4), 1) for _ in range(3))
    heads = lambda t: tf.transpose(tf.reshape(t, [-1, 8, 2, 4]), [0, 2, 1, 3])
    scores = tf.nn.softmax(tf.matmul(heads(q), heads(k), transpose_b=True) / 2.)
    y = tf.reshape(tf.transpose(tf.matmul(scores, heads(v)), [0, 2, 1, 3]), [-1, 8, 8])
    mean, variance = tf.nn.moments(y, [-1], keepdims=True)
    return (y - mean) * tf.math.rsqrt(variance + 1e-6) * b.c((8,)) + b.c((8,))


NETWORKS = {'lenet': lenet, 'mobilenet': mobilenet, 'mobilenet v2': mobilenet2, 'mobilenet v3': mobilenet3, 'resnet': resnet, 'inception': inception,
            'densenet': densenet, 'unet': unet, 'deeplab': deeplab, 'ssd': ssd, 'pose': pose, 'super resolution': super_resolution,
            'autoencoder': autoencoder, 'transformer': transformer}


def cases(add):
    for name, network in NETWORKS.items():
        add('Network', name, lambda b: network(b, b.x((1, 8, 8, 3))))
        if name not in ('deeplab',):
            add('Network', f'{name} of an unknown batch', lambda b: network(b, b.x((None, 8, 8, 3), fed=[2, 8, 8, 3])))
