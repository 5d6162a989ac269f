#!/usr/bin/env python
"""One-operator and composite graphs, calibrated and quantised by TensorFlow 2.21's converter in every mode.

NAME.tflite is the float model with the ranges that TensorFlow's calibration stored in it; NAME-MODE.tflite is what its
quantiser made of that. run_quantizer.py lets toucanet quantise the first and compares it with the second.
"""

import argparse
import contextlib
import io
import json
import os
import sys

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ.setdefault('CUDA_VISIBLE_DEVICES', '')

import numpy as np

import make_quantized_models

CACHE = os.path.expanduser(os.environ.get('TOUCANET_CACHE', '~/.cache/toucanet'))
MODES = ['float16', 'dynamic_range', 'int8', 'int16x8']


def graphs(tf):
    """{name: (function, shapes of its inputs)}; a name that ends in + takes numbers above zero."""
    rng = np.random.default_rng(5)

    def w(*shape):
        return tf.constant(rng.normal(size=shape).astype(np.float32) * 0.5)

    X = [(1, 8, 8, 4)]
    two = X * 2
    filt, bias, depth, dense, dense_bias, matrix, row = w(3, 3, 4, 12), w(12), w(3, 3, 4, 1), w(256, 20), w(20), w(4, 40), w(4)
    alpha, table, large_dense = w(8, 8, 4), w(40, 30), w(256, 40)
    conv = lambda x, **k: tf.nn.conv2d(x, filt, 1, 'SAME', **k)
    flat = lambda x: tf.reshape(x, [1, 256])
    up = lambda x: tf.nn.conv2d_transpose(x, w(3, 3, 6, 4), [1, 16, 16, 6], 2, 'SAME')
    return {
        'conv': (conv, X), 'conv_relu6': (lambda x: tf.nn.relu6(conv(x) + bias), X), 'conv_stride': (lambda x: tf.nn.relu(tf.nn.conv2d(x, filt, 2, 'VALID') + bias), X),
        'depthwise': (lambda x: tf.nn.depthwise_conv2d(x, depth, [1, 1, 1, 1], 'SAME') + row, X), 'transpose_conv': (up, X),
        'dense': (lambda x: tf.matmul(flat(x), dense) + dense_bias, X), 'dense_relu': (lambda x: tf.nn.relu(tf.matmul(flat(x), large_dense)), X),
        'matmul': (lambda x: tf.matmul(x, matrix), X), 'batch_matmul': (lambda x, y: tf.matmul(x, y, transpose_b=True), two),
        'add': (lambda x, y: x + y, two), 'add_row': (lambda x: x + row, X), 'add_relu': (lambda x, y: tf.nn.relu(x + y), two), 'sub': (lambda x, y: x - y * 2.0, two),
        'mul': (lambda x, y: x * y, two), 'mul_row': (lambda x: x * row, X), 'squared_difference': (tf.math.squared_difference, two),
        'maximum': (tf.maximum, two), 'minimum_row': (lambda x: tf.minimum(x, row), X), 'div+': (lambda x, y: x / y, two),
        'relu': (tf.nn.relu, X), 'relu6': (tf.nn.relu6, X), 'leaky_relu': (lambda x: tf.nn.leaky_relu(x, 0.1), X), 'prelu': (lambda x: tf.maximum(x, 0.0) + alpha * tf.minimum(x, 0.0), X),
        'hard_swish': (lambda x: x * tf.nn.relu6(x + 3.0) * (1.0 / 6.0), X), 'gelu': (tf.nn.gelu, X), 'elu': (tf.nn.elu, X), 'abs': (tf.abs, X), 'exp': (tf.exp, X), 'log+': (tf.math.log, X),
        'rsqrt+': (tf.math.rsqrt, X), 'sqrt+': (tf.sqrt, X), 'logistic': (tf.sigmoid, X), 'tanh': (tf.tanh, X), 'softmax': (tf.nn.softmax, X), 'log_softmax': (tf.nn.log_softmax, X),
        'l2_normalize': (lambda x: tf.nn.l2_normalize(x, -1), X), 'mean': (lambda x: tf.reduce_mean(x, [1, 2]), X), 'sum': (lambda x: tf.reduce_sum(x, [1, 2]), X),
        'reduce_max': (lambda x: tf.reduce_max(x, 3), X), 'reduce_min': (lambda x: tf.reduce_min(x, 1), X), 'prod': (lambda x: tf.reduce_prod(x * 0.7, 3), X),
        'average_pool': (lambda x: tf.nn.avg_pool2d(x, 2, 2, 'VALID'), X), 'max_pool': (lambda x: tf.nn.max_pool2d(x, 3, 2, 'SAME'), X),
        'pad': (lambda x: tf.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]]), X), 'pad_value': (lambda x: tf.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]], constant_values=1.5), X),
        'mirror_pad': (lambda x: tf.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]], 'REFLECT'), X), 'reshape': (flat, X), 'squeeze': (lambda x: tf.squeeze(x, 0), X),
        'expand_dims': (lambda x: tf.expand_dims(x, 2), X), 'transpose': (lambda x: tf.transpose(x, [0, 3, 1, 2]), X), 'tile': (lambda x: tf.tile(x, [1, 2, 1, 1]), X),
        'gather': (lambda x: tf.gather(x, [3, 1, 1], axis=2), X), 'gather_nd': (lambda x: tf.gather_nd(x, [[0, 1], [0, 5]]), X), 'slice': (lambda x: tf.slice(x, [0, 1, 2, 0], [1, 4, 4, 3]), X),
        'strided_slice': (lambda x: x[:, ::2, 1:7, :], X), 'resize_bilinear': (lambda x: tf.image.resize(x, [16, 12]), X),
        'resize_nearest': (lambda x: tf.compat.v1.image.resize_nearest_neighbor(x, [16, 16]), X), 'space_to_batch': (lambda x: tf.space_to_batch(x, [2, 2], [[0, 0], [0, 0]]), X),
        'space_to_depth': (lambda x: tf.nn.space_to_depth(x, 2), X), 'depth_to_space': (lambda x: tf.nn.depth_to_space(x, 2), X),
        'concat': (lambda x, y: tf.concat([x, y * 3.0], 3), two), 'pack': (lambda x, y: tf.stack([x, y * 3.0], 1), two), 'unpack': (lambda x: tf.unstack(x, axis=3), X),
        'split': (lambda x: tf.split(x, 2, axis=3), X), 'split_v': (lambda x: tf.split(x, [1, 3], axis=3), X), 'select': (lambda x, y: tf.where(x > y, x, y * 2.0), two),
        'arg_max': (lambda x: tf.argmax(x, 3, output_type=tf.int32), X), 'less': (lambda x, y: tf.less(x, y), two), 'top_k': (lambda x: tf.math.top_k(x, 2)[0], X),
        'broadcast_to': (lambda x: tf.broadcast_to(x, [3, 8, 8, 4]), X), 'sin': (tf.sin, X), 'round': (tf.round, X),
        # More than one operator.
        'pool_concat': (lambda x, y: tf.concat([tf.nn.max_pool2d(conv(x), 2, 2, 'SAME'), tf.nn.avg_pool2d(conv(y) * 4.0, 2, 2, 'SAME')], 3), two),
        'softmax_slice_concat': (lambda x, y: tf.concat([tf.nn.softmax(x)[:, :4], tf.sigmoid(y)[:, :4]], 3), two),
        'island': (lambda x: conv(tf.sin(conv(x)[..., :4])) + bias, X), 'two_readers': (lambda x: tf.nn.relu(conv(x)) + tf.tanh(conv(x)), X),
        'residual': (lambda x: tf.nn.relu(x + tf.nn.conv2d(tf.nn.relu6(conv(x) + bias), w(3, 3, 12, 4), 1, 'SAME')), X),
        'dead_channel': (lambda x: tf.nn.conv2d(x, filt * tf.constant([1.0] * 11 + [0.0]), 1, 'SAME'), X),
        'large_bias': (lambda x: tf.nn.conv2d(x * 1e-4, filt * 1e-6, 1, 'SAME') + bias * 1e3, X),
    }


def batch(name, shapes, k):
    rng = np.random.default_rng(k)
    values = [(rng.normal(size=s) * 2 + 0.3).astype(np.float32) for s in shapes]
    return [np.abs(v) + np.float32(0.1) for v in values] if name.endswith('+') else values


def converted(tf, make_converter, samples, mode):
    converter = make_converter()
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    kinds = tf.lite.OpsSet
    if mode == 'float16':
        converter.target_spec.supported_types = [tf.float16]
    elif mode != 'dynamic_range':
        converter.representative_dataset = lambda: iter(samples)
        converter._experimental_calibrate_only = mode == 'calibrated'
        if mode == 'int16x8':
            converter.target_spec.supported_ops = [kinds.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8, kinds.TFLITE_BUILTINS]
    with contextlib.redirect_stdout(io.StringIO()):
        return converter.convert()


def sources(tf):
    """(name, a function that makes a converter, samples)"""
    for name, (f, shapes) in graphs(tf).items():
        concrete = tf.function(f).get_concrete_function(*[tf.TensorSpec(s, tf.float32, f'x{i}') for i, s in enumerate(shapes)])
        yield name, lambda c=concrete: tf.lite.TFLiteConverter.from_concrete_functions([c]), [batch(name, shapes, k) for k in range(12)]
    for name, make in make_quantized_models.networks(tf).items():
        model = make_quantized_models.build(tf, name, make)
        rng = np.random.default_rng(3)
        samples = [[rng.normal(size=(1, 16, 16, 3)).astype(np.float32)] for _ in range(24)]
        yield 'network_' + name, lambda m=model: tf.lite.TFLiteConverter.from_keras_model(m), samples


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--folder', default=os.path.join(CACHE, 'quantizer'), help='where to write (default: quantizer/ in the cache)')
    folder = parser.parse_args().folder
    os.makedirs(folder, exist_ok=True)
    import tensorflow as tf
    tf.get_logger().setLevel('ERROR')
    index = {}
    for name, make_converter, samples in sources(tf):
        made = []
        for mode in ['calibrated', *MODES]:
            try:
                model = converted(tf, make_converter, samples, mode)
            except Exception as error:
                print(f'{name:24s}{mode:16s}not made: {type(error).__name__}: {" ".join(str(error).split())[:160]}', flush=True)
                continue
            with open(os.path.join(folder, name + ('' if mode == 'calibrated' else '-' + mode) + '.tflite'), 'wb') as f:
                f.write(model)
            made.append(mode)
        index[name] = made
    with open(os.path.join(folder, 'index.json'), 'w') as f:
        json.dump(index, f, indent=0)
    print(f'{sum(len(m) for m in index.values())} models in {folder}')


if __name__ == '__main__':
    sys.exit(main())
