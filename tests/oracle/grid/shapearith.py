"""Shapes computed in the graph: what frameworks write when the batch is not known."""

import numpy as np
import tensorflow as tf


def batch_of(x):
    return tf.shape(x)[0]


FORMS = {
    'pack of batch and rest': lambda x: tf.reshape(x, tf.stack([batch_of(x), 6])),
    'pack of batch and two': lambda x: tf.reshape(x, tf.stack([batch_of(x), 3, 2])),
    'pack of batch and minus one': lambda x: tf.reshape(x, tf.stack([batch_of(x), -1])),
    'pack of minus one': lambda x: tf.reshape(x, tf.stack([-1, 6])),
    'concat of shape parts': lambda x: tf.reshape(x, tf.concat([tf.shape(x)[:1], [6]], 0)),
    'concat of shape parts and minus one': lambda x: tf.reshape(x, tf.concat([tf.shape(x)[:1], [-1]], 0)),
    'int64 shape': lambda x: tf.reshape(x, tf.stack([tf.shape(x, out_type='int64')[0], 6])),
    'cast to int64': lambda x: tf.reshape(x, tf.stack([tf.cast(batch_of(x), 'int64'), 6])),
    'batch times two': lambda x: tf.reshape(x, tf.stack([batch_of(x) * 2, 3])),
    'batch over one': lambda x: tf.reshape(x, tf.stack([batch_of(x) // 1, 6])),
    'product of the rest': lambda x: tf.reshape(x, tf.stack([batch_of(x), tf.reduce_prod(tf.shape(x)[1:])])),
    'product of all over six': lambda x: tf.reshape(x, tf.stack([tf.reduce_prod(tf.shape(x)) // 6, 6])),
    'size over six': lambda x: tf.reshape(x, tf.stack([tf.size(x) // 6, 6])),
    'unpacked shape': lambda x: (lambda s: tf.reshape(x, tf.stack([s[0], s[1] * s[2]])))(tf.unstack(tf.shape(x))),
    'split shape': lambda x: (lambda s: tf.reshape(x, tf.concat([s[0], s[1] * s[2]], 0)))(tf.split(tf.shape(x), 3)),
    'gathered shape': lambda x: tf.reshape(x, tf.concat([tf.gather(tf.shape(x), [0]), [6]], 0)),
    'sliced shape': lambda x: tf.reshape(x, tf.concat([tf.slice(tf.shape(x), [0], [1]), [6]], 0)),
    'through float': lambda x: tf.reshape(x, tf.cast(tf.stack([tf.cast(batch_of(x), 'float32'), 6.]), 'int32')),
    'maximum of batch and one': lambda x: tf.reshape(x, tf.stack([tf.maximum(batch_of(x), 1), 6])),
    'reshape back': lambda x: tf.reshape(tf.reshape(x, [-1, 2]) * 2., tf.shape(x)),
    'reshape to another shape': lambda x: tf.reshape(tf.reshape(x, [-1]), tf.shape(x * 2.)),
    'last dimension by index': lambda x: tf.reshape(x, tf.stack([-1, tf.shape(x)[-1]])),
    'tensordot form': lambda x: tf.tensordot(x, tf.constant(np.arange(8, dtype='float32').reshape(2, 4)), [[2], [0]]),
    'zeros of the batch': lambda x: tf.concat([x, tf.zeros(tf.stack([batch_of(x), 3, 1]))], 2),
    'fill of the shape': lambda x: tf.fill(tf.shape(x), 2.) * x,
    'ones like': lambda x: tf.ones_like(x) + x,
    'zeros like': lambda x: tf.zeros_like(x) + x,
    'tile by the batch': lambda x: tf.tile(tf.constant([[[1., 2.]]]), tf.stack([batch_of(x), 3, 1])) + x,
    'broadcast to the shape': lambda x: tf.broadcast_to(tf.constant([1., 2.]), tf.shape(x)) * x,
    'range of the batch': lambda x: tf.range(batch_of(x)),
    'range gathered': lambda x: tf.gather(x, tf.range(batch_of(x) - 1, -1, -1)),
    'batch as a float': lambda x: tf.reduce_sum(x, 0) / tf.cast(batch_of(x), 'float32'),
    'slice to half the batch': lambda x: x[:batch_of(x) // 2],
    'slice from the batch': lambda x: x[batch_of(x) - 1:],
    'strided by begin of shape': lambda x: tf.strided_slice(x, [0, 0, 0], tf.shape(x), [1, 2, 1]),
    'slice of the size of the shape': lambda x: tf.slice(x, [0, 1, 0], tf.stack([batch_of(x), 2, 2])),
    'rank of x': lambda x: tf.reduce_sum(x, tf.range(1, tf.rank(x))),
    'reduce over range': lambda x: tf.reduce_mean(x, tf.range(0, 2)),
    'pad by shape': lambda x: tf.pad(x, tf.stack([[0, 0], [0, 5 - tf.shape(x)[1]], [0, 0]])),
    'resize by shape': lambda x: tf.compat.v1.image.resize_nearest_neighbor(x[..., tf.newaxis], tf.shape(x)[1:3] * 2),
    'one hot of the range': lambda x: tf.one_hot(tf.range(batch_of(x)), 3),
    'shape as an output': lambda x: [tf.shape(x), x * 2.],
    'equal shapes as bool': lambda x: tf.equal(tf.shape(x), tf.constant([4, 3, 2])),
    'expand by concat': lambda x: tf.reshape(x, tf.concat([tf.shape(x), [1]], 0)),
    'transpose by range': lambda x: tf.transpose(x, tf.concat([[0], tf.range(2, 3), [1]], 0)),
    'transposed with rank': lambda x: tf.transpose(x, tf.range(tf.rank(x) - 1, -1, -1)),
    'matmul of the flattened': lambda x: tf.matmul(tf.reshape(x, tf.stack([batch_of(x), 6])), tf.ones([6, 2])),
    'heads of attention': lambda x: tf.transpose(tf.reshape(x, tf.stack([batch_of(x), 3, 2, 1])), [0, 2, 1, 3]),
    'ensure shape': lambda x: tf.ensure_shape(x, [None, 3, 2]) * 2.,
    'where positions': lambda x: tf.where(x > 0.5),
    'prod through pack of one': lambda x: tf.reshape(x, tf.stack([tf.size(x)])),
}


def cases(add):
    for name, form in FORMS.items():
        add('Composite', f'{name} of an unknown batch', lambda b: form(b.x((None, 3, 2), fed=[4, 3, 2])))
        add('Composite', f'{name} of a known shape', lambda b: form(b.x((4, 3, 2))))
        add('Composite', f'{name} of unknown sizes', lambda b: form(
            b.x((None, None, 2), fed=[4, 3, 2])))
