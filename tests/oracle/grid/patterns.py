"""Small graphs as frameworks write them: dropout, flatten, masks, embeddings, losses."""

import numpy as np
import tensorflow as tf


def cases(add):
    for name, build in PATTERNS.items():
        add('Composite', name, build)


def dropout(b):
    """TensorFlow 1's dropout with keep_prob one, as it stays in frozen graphs."""
    x = b.x((2, 4))
    keep = tf.constant(1.)
    mask = tf.floor(keep + b.op('RandomUniform', shape=tf.shape(x), dtype='float32', seed=1, seed2=2))
    return tf.math.divide(x, keep) * mask


def dropout_v2(b):
    x = b.x((2, 4))
    rate = tf.constant(0.)
    mask = b.op('RandomUniform', shape=[2, 4], dtype='float32', seed=1) >= rate
    return x * (1. / (1. - rate)) * tf.cast(mask, 'float32')


def dropout_off(b):
    """A placeholder with a default of one for keep_prob."""
    keep = tf.compat.v1.placeholder_with_default(tf.constant(1.), [])
    return b.x((2, 4)) / keep


def squeeze_excite(b):
    x = b.x((1, 4, 4, 4))
    s = tf.reduce_mean(x, [1, 2], keepdims=True)
    s = tf.nn.relu(tf.nn.conv2d(s, b.c((1, 1, 4, 2)), 1, 'SAME'))
    return x * tf.sigmoid(tf.nn.conv2d(s, b.c((1, 1, 2, 4)), 1, 'SAME'))


def shuffle(b):
    x = tf.reshape(b.x((1, 3, 3, 6)), [-1, 3, 3, 2, 3])
    return tf.reshape(tf.transpose(x, [0, 1, 2, 4, 3]), [-1, 3, 3, 6])


def positional(b):
    x = b.x((None, 4), 'int32', 0, 6)
    return tf.nn.embedding_lookup(b.c((6, 3)), x) + tf.expand_dims(tf.nn.embedding_lookup(b.c((4, 3)), tf.range(4)), 0)


def mask(b):
    lengths = b.x((3,), 'int32', data=[1, 3, 2])
    return tf.cast(tf.sequence_mask(lengths, 4), 'float32') * b.x((3, 4))


def coordinates(b):
    x = b.x((1, 3, 4, 2))
    rows, columns = tf.meshgrid(tf.range(4), tf.range(3))
    return tf.concat([x, tf.cast(tf.stack([rows, columns], -1), 'float32')[tf.newaxis]], -1)


def decode_boxes(b):
    boxes, anchors = b.x((5, 4)), b.c((5, 4), low=0.2, high=1)
    y, x, h, w = tf.unstack(boxes / [10., 10., 5., 5.], axis=1)
    ya, xa, ha, wa = tf.unstack(anchors, axis=1)
    cy, cx, h, w = y * ha + ya, x * wa + xa, tf.exp(h) * ha, tf.exp(w) * wa
    return tf.stack([cy - h / 2., cx - w / 2., cy + h / 2., cx + w / 2.], 1)


def asserted(b):
    x = b.x((2, 3), low=0.1, high=1)
    check = b.op('Assert', condition=tf.reduce_all(x > 0.), data=[tf.constant('not positive'), x])
    with tf.control_dependencies([check]):
        return tf.identity(x) * 2.


def checked(b):
    x = b.x((2, 3))
    with tf.control_dependencies([tf.compat.v1.assert_equal(tf.shape(x), [2, 3])]):
        return tf.identity(x) + 1.


def guarded(b):
    """TensorFlow 1's own guard: Switch and Merge hang on a control dependency."""
    x = b.x((2, 3), low=0.1, high=1)
    with tf.control_dependencies([tf.compat.v1.assert_positive(x)]):
        return tf.identity(x) * 2.


def conditional(b, condition):
    """The functional conditional that TensorFlow 2 writes; the condition is constant."""
    x = b.x((2, 3))

    def branch(f):
        return tf.function(f).get_concrete_function(tf.TensorSpec((2, 3)))
    return b.op('StatelessIf', cond=condition(x), input=[x], Tout=['float32'], then_branch=branch(lambda a: tf.nn.relu(a) + 1.),
                else_branch=branch(lambda a: a * 3.))[0] * 2.


def nothing(b):
    x = b.x((2, 3))
    with tf.control_dependencies([tf.no_op()]):
        return x * 2.


def zero_fraction_v2(b):
    tf.compat.v1.enable_control_flow_v2()
    try:
        return tf.nn.zero_fraction(b.x((None, 3)))
    finally:
        tf.compat.v1.disable_control_flow_v2()


PATTERNS = {
    'dropout with keep prob one': dropout,
    'dropout of tensorflow 2 with rate zero': dropout_v2,
    'dropout with a default keep prob': dropout_off,
    'squeeze and excite': squeeze_excite,
    'channel shuffle': shuffle,
    'embedding with positions': positional,
    'sequence mask': mask,
    'coordinates appended': coordinates,
    'boxes decoded': decode_boxes,
    'assert as a control dependency': asserted,
    'assert equal shapes': checked,
    'assert with its guard': guarded,
    'no op as a control dependency': nothing,
    'zero fraction': lambda b: tf.nn.zero_fraction(tf.nn.relu(b.x((2, 3)))),
    'zero fraction of an unknown batch': lambda b: tf.nn.zero_fraction(tf.nn.relu(b.x((None, 3)))),
    'zero fraction of an unknown rank': lambda b: tf.nn.zero_fraction(tf.nn.relu(b.x(None, fed=(2, 3)))),
    'zero fraction of int32': lambda b: tf.nn.zero_fraction(b.x((None, 5), 'int32', -1, 1)),
    'zero fraction of nothing': lambda b: tf.nn.zero_fraction(b.x((None, 5), fed=(0, 5))),
    'zero fraction of tensorflow 2': zero_fraction_v2,
    'a conditional that holds': lambda b: conditional(b, lambda x: tf.constant(True)),
    'a conditional that does not hold': lambda b: conditional(b, lambda x: tf.constant(0)),
    'a conditional on a shape': lambda b: conditional(b, lambda x: tf.equal(tf.shape(x)[0], 2)),
    'flatten by -1': lambda b: tf.reshape(b.x((2, 3, 2)), [2, -1]),
    'flatten of a batch by shape': lambda b: (lambda x: tf.reshape(x, [tf.shape(x)[0], 12]))(b.x((None, 3, 4))),
    'flatten of a batch by prod': lambda b: (lambda x: tf.reshape(x, tf.stack([tf.shape(x)[0], tf.reduce_prod(tf.shape(x)[1:])])))(
        b.x((None, 3, 4))),
    'global average pool then dense': lambda b: tf.matmul(tf.reduce_mean(b.x((2, 3, 3, 4)), [1, 2]), b.c((4, 3))) + b.c((3,)),
    'image preprocessing': lambda b: (tf.cast(b.x((1, 3, 3, 3), 'uint8', 0, 255), 'float32') - [103.9, 116.8, 123.7]) / 58.,
    'bgr from rgb': lambda b: tf.concat(tf.split(b.x((1, 2, 2, 3)), 3, axis=3)[::-1], 3),
    'pixel shuffle with bias': lambda b: tf.nn.depth_to_space(tf.nn.bias_add(tf.nn.conv2d(
        b.x((1, 3, 3, 2)), b.c((3, 3, 2, 8)), 1, 'SAME'), b.c((8,))), 2),
    'argmax of softmax': lambda b: tf.argmax(tf.nn.softmax(b.x((3, 5))), -1),
    'top k of sigmoid': lambda b: list(tf.nn.top_k(tf.sigmoid(b.x((2, 6))), 3)),
    'cosine similarity': lambda b: tf.reduce_sum(tf.math.l2_normalize(b.x((2, 4)), 1) * tf.math.l2_normalize(b.x((2, 4)), 1), 1),
    'mean squared error': lambda b: tf.reduce_mean(tf.math.squared_difference(b.x((2, 4)), b.x((2, 4)))),
    'cross entropy by hand': lambda b: -tf.reduce_sum(b.x((2, 4)) * tf.nn.log_softmax(b.x((2, 4))), 1),
    'sigmoid cross entropy': lambda b: tf.nn.sigmoid_cross_entropy_with_logits(labels=b.x((2, 4), low=0, high=1), logits=b.x((2, 4))),
    'pairwise distances': lambda b: (lambda x, y: tf.reduce_sum(tf.square(x[:, None] - y[None]), -1))(b.x((3, 2)), b.x((4, 2))),
    'moving window': lambda b: (lambda x: tf.concat([x[:, 1:], b.x((2, 1))], 1))(b.x((2, 4))),
    'one hot times table': lambda b: tf.matmul(tf.one_hot(b.x((3,), 'int32', 0, 4), 4), b.c((4, 2))),
    'causal mask': lambda b: tf.nn.softmax(b.x((1, 4, 4)) + (1. - tf.linalg.band_part(tf.ones([4, 4]), -1, 0)) * -1e9),
    'maxout': lambda b: tf.reduce_max(tf.reshape(b.x((2, 6)), [2, 3, 2]), -1),
    'highway': lambda b: (lambda x: (lambda t: t * tf.tanh(x) + (1. - t) * x)(tf.sigmoid(tf.matmul(x, b.c((3, 3))))))(b.x((2, 3))),
    'gru step': lambda b: gru(b),
    'lstm step by hand': lambda b: lstm(b),
    'pad and crop': lambda b: tf.pad(b.x((1, 4, 4, 1)), [[0, 0], [1, 1], [1, 1], [0, 0]])[:, 1:-1, 1:-1],
    'blur pool': lambda b: tf.nn.depthwise_conv2d(tf.pad(b.x((1, 5, 5, 2)), [[0, 0], [1, 1], [1, 1], [0, 0]], 'REFLECT'),
                                                  np.full((3, 3, 2, 1), 1 / 9, 'float32'), [1, 2, 2, 1], 'VALID'),
    'clip by norm': lambda b: tf.clip_by_norm(b.x((2, 3)), 1.),
    'unstack and add': lambda b: sum(tf.unstack(b.x((2, 3)), axis=1)),
    'floor mod positions': lambda b: (lambda i: tf.stack([i // 4, i % 4], -1))(b.x((3,), 'int32', 0, 12)),
    'where with nonzero count': lambda b: tf.math.count_nonzero(b.x((3, 4), 'int32', 0, 2), axis=1),
    'cumulative by matmul': lambda b: tf.matmul(np.tril(np.ones((4, 4), 'float32')), b.x((4, 2))),
    'hard argmax as one hot': lambda b: tf.one_hot(tf.argmax(b.x((3, 4)), 1), 4),
    'power then root': lambda b: tf.pow(tf.reduce_sum(tf.pow(b.x((2, 3), low=0.1, high=2), 3.), 1), 1 / 3),
    'mod of floats': lambda b: tf.math.floormod(b.x((3, 4), low=-9, high=9), 2.5),
    'stop gradient chain': lambda b: tf.stop_gradient(tf.identity(tf.stop_gradient(b.x((2, 3))))) * 2.,
    'straight through': lambda b: (lambda x: x + tf.stop_gradient(tf.round(x) - x))(b.x((2, 3))),
    'print free identity n': lambda b: tf.identity_n([b.x((2,)), b.x((3,))]),
    'nearest codes': lambda b: tf.argmin(tf.reduce_sum(tf.square(b.x((3, 1, 2)) - b.c((1, 4, 2))), -1), -1),
    'spectral gate': lambda b: (lambda x: x[..., :2] * tf.sigmoid(x[..., 2:]))(b.x((2, 3, 4))),
}


def gru(b):
    x, h = b.x((2, 3)), b.x((2, 4))
    gates = tf.sigmoid(tf.matmul(tf.concat([x, h], 1), b.c((7, 8))) + b.c((8,)))
    r, u = tf.split(gates, 2, axis=1)
    c = tf.tanh(tf.matmul(tf.concat([x, r * h], 1), b.c((7, 4))) + b.c((4,)))
    return u * h + (1. - u) * c


def lstm(b):
    x, c, h = b.x((2, 3)), b.x((2, 4)), b.x((2, 4))
    i, j, f, o = tf.split(tf.nn.bias_add(tf.matmul(tf.concat([x, h], 1), b.c((7, 16))), b.c((16,))), 4, axis=1)
    c = c * tf.sigmoid(f + 1.) + tf.sigmoid(i) * tf.tanh(j)
    return [tf.tanh(c) * tf.sigmoid(o), c]
