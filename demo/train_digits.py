#!/usr/bin/env python3
"""Train a small CNN on scikit-learn's 8x8 handwritten digits and write demo/digits.

Needs tensorflow-cpu 2.15.1 and scikit-learn.
"""
import pathlib

import numpy as np
import tensorflow as tf2
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

TARGET = pathlib.Path(__file__).resolve().parent / "digits"
SEED = 7
EPOCHS = 40
BATCH = 64
SCALE = 1e-3


def l2_regularizer(scale):
    return lambda w: scale * tf.nn.l2_loss(w)


def conv(x, filters, name, training, reuse):
    x = tf.layers.conv2d(x, filters, 3, padding="same", use_bias=False, name=name, reuse=reuse,
                         kernel_regularizer=l2_regularizer(scale=SCALE))
    x = tf.layers.batch_normalization(x, momentum=0.9, training=training, name=f"{name}_bn",
                                      reuse=reuse)
    return tf.nn.relu(x)


def logits_of(x, training, reuse):
    x = conv(x, 8, "conv1", training, reuse)
    x = conv(x, 16, "conv2", training, reuse)
    x = tf.layers.max_pooling2d(x, 2, 2, name="pool")
    x = tf.layers.flatten(x)
    x = tf.layers.dense(x, 32, activation=tf.nn.relu, name="fc1", reuse=reuse,
                        kernel_regularizer=l2_regularizer(scale=SCALE))
    x = tf.layers.dropout(x, rate=0.3, training=training, seed=SEED)
    return tf.layers.dense(x, 10, name="fc2", reuse=reuse,
                           kernel_regularizer=l2_regularizer(scale=SCALE))


def freeze(session, outputs):
    return tf.graph_util.convert_variables_to_constants(
        session, session.graph.as_graph_def(), outputs)


def write(name, graph):
    (TARGET / name).write_bytes(graph.SerializeToString(deterministic=True))


def main():
    tf.disable_v2_behavior()
    tf2.config.experimental.enable_op_determinism()
    tf.set_random_seed(SEED)
    order = np.random.RandomState(SEED)

    digits = load_digits()
    images = (digits.images[..., None] / 16).astype(np.float32)
    labels = digits.target.astype(np.int32)
    images, held_images, labels, held_labels = train_test_split(
        images, labels, test_size=360, random_state=SEED, stratify=labels)

    x = tf.placeholder(tf.float32, [None, 8, 8, 1], name="input")
    y = tf.placeholder(tf.int32, [None], name="label")
    softmax = tf.nn.softmax(logits_of(x, training=False, reuse=False), name="softmax")
    with tf.name_scope("train"):
        logits = logits_of(x, training=True, reuse=True)
        base = tf.losses.sparse_softmax_cross_entropy(y, logits)
        regularisation = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
        loss = tf.add_n([base] + regularisation, name="loss")
    optimizer = tf.train.AdamOptimizer(3e-3)
    gradients = optimizer.compute_gradients(loss)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = optimizer.apply_gradients(gradients, tf.train.get_or_create_global_step())
    tf.summary.scalar("loss", loss)
    summary = tf.summary.merge_all()
    saver = tf.train.Saver()

    config = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    with tf.Session(config=config) as session:
        session.run(tf.global_variables_initializer())
        for _ in range(EPOCHS):
            chosen = order.permutation(len(images))
            for start in range(0, len(chosen), BATCH):
                batch = chosen[start:start + BATCH]
                session.run(step, {x: images[batch], y: labels[batch]})
        right = session.run(softmax, {x: held_images}).argmax(1) == held_labels
        print(f"held back: {right.sum()} of {len(right)} right, {right.mean():.4f}")
        assert right.mean() >= 0.97

        TARGET.mkdir(exist_ok=True)
        saver.save(session, str(TARGET / "model.ckpt"), write_meta_graph=False, write_state=False)
        saver.export_meta_graph(str(TARGET / "training.meta"), clear_devices=True)
        write("frozen_graph.pb", freeze(session, ["softmax"]))
        ends = [softmax, loss, summary] + [gradient for gradient, _ in gradients]
        write("training_graph.pb", freeze(session, [end.op.name for end in ends]))
    np.save(TARGET / "images.npy", held_images)
    np.save(TARGET / "labels.npy", held_labels)


if __name__ == "__main__":
    main()
