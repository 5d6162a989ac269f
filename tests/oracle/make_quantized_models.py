#!/usr/bin/env python
"""Small Keras networks, quantised by TensorFlow 2.21's converter in every way it has, with LiteRT's answers.

Files as make_kernel_grid.py writes them, for run_kernel_grid.py --dir; `op` is the network, `types` the way.
"""

import argparse
import contextlib
import io
import json
import os
import sys
import time
import zlib

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ.setdefault('CUDA_VISIBLE_DEVICES', '')

import numpy as np

import kernel_truth
from kernel_worker import Worker

CACHE = os.path.expanduser(os.environ.get('TOUCANET_CACHE', '~/.cache/toucanet'))
UNSUPPORTED = {('mixed', 'int16'), ('excited', 'int16')}  # the converter has no 16x8 PRELU and HARD_SWISH
WAYS = ['float32', 'float16', 'hybrid', 'int8', 'uint8', 'int16', 'int8-float-ends']


def networks(tf):
    """{name: a function that makes it}"""
    layers = tf.keras.layers

    def classifier(x):
        x = layers.Conv2D(16, 3, strides=2, padding='same', activation='relu')(x)
        x = layers.DepthwiseConv2D(3, padding='same')(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
        x = layers.Conv2D(48, 1, activation='relu')(x)
        x = layers.MaxPooling2D(2)(x)
        x = layers.AveragePooling2D(2)(x)
        return layers.Softmax()(layers.Dense(10)(layers.Flatten()(x)))

    def residual(x):
        x = layers.Conv2D(16, 3, padding='same', activation='relu')(x)
        for _ in range(2):
            y = layers.Conv2D(16, 3, padding='same', activation='relu')(x)
            y = layers.Conv2D(16, 3, padding='same')(y)
            x = layers.ReLU()(layers.Add()([x, y]))
        return layers.Dense(10, activation='softmax')(layers.GlobalAveragePooling2D()(x))

    def inverted(x):
        x = layers.Conv2D(8, 3, strides=2, padding='same')(x)
        y = layers.ReLU(6.0)(layers.BatchNormalization()(layers.Conv2D(48, 1, use_bias=False)(x)))
        y = layers.ReLU(6.0)(layers.BatchNormalization()(layers.DepthwiseConv2D(3, padding='same', use_bias=False)(y)))
        x = layers.Add()([x, layers.BatchNormalization()(layers.Conv2D(8, 1, use_bias=False)(y))])
        x = layers.ReLU(6.0)(layers.Conv2D(160, 1)(x))
        return layers.Dense(10)(layers.GlobalAveragePooling2D()(x))

    def excited(x):
        x = layers.Conv2D(32, 3, strides=2, padding='same')(x)
        x = layers.Activation(hard_swish)(x)
        s = layers.GlobalAveragePooling2D(keepdims=True)(x)
        s = layers.Conv2D(40, 1, activation='relu')(s)
        s = layers.Conv2D(32, 1)(s)
        x = layers.Multiply()([x, layers.Activation(lambda v: tf.nn.relu6(v + 3.0) * (1.0 / 6.0))(s)])
        return layers.Dense(5, activation='sigmoid')(layers.Flatten()(layers.Conv2D(8, 1, activation=hard_swish)(x)))

    def hard_swish(v):
        return v * tf.nn.relu6(v + 3.0) * (1.0 / 6.0)

    def decoder(x):
        x = layers.Conv2D(16, 3, strides=2, padding='same', activation='relu')(x)
        x = layers.Conv2DTranspose(8, 3, strides=2, padding='same')(x)
        x = layers.ReLU()(x)
        x = layers.UpSampling2D(2, interpolation='bilinear')(x)
        x = layers.Conv2D(4, 3, padding='same', dilation_rate=2)(x)
        x = layers.UpSampling2D(2, interpolation='nearest')(x)
        return layers.Activation('tanh')(x)

    def mixed(x):
        a = layers.LeakyReLU(negative_slope=0.1)(layers.Conv2D(16, 3, padding='same')(x))
        b = layers.PReLU(shared_axes=[1, 2], alpha_initializer=tf.keras.initializers.RandomUniform(-0.3, 0.3, seed=4))(layers.Conv2D(16, 5, padding='same')(x))
        x = layers.Concatenate()([a, b])
        x = layers.ZeroPadding2D(((1, 2), (0, 1)))(x)
        x = layers.Lambda(lambda v: tf.reduce_mean(v, axis=[1, 2], keepdims=True))(x)
        return layers.Lambda(lambda v: tf.maximum(v, -0.1))(layers.Reshape((32,))(x))

    def attention(x):
        x = layers.Reshape((64, 12))(x)
        q, k, v = (layers.Dense(32)(x) for _ in range(3))
        scores = layers.Lambda(lambda t: tf.nn.softmax(tf.matmul(t[0], t[1], transpose_b=True) * 0.25))([q, k])
        return layers.Dense(8)(layers.Lambda(lambda t: tf.matmul(t[0], t[1]))([scores, v]))

    return dict(classifier=classifier, residual=residual, inverted=inverted, excited=excited, decoder=decoder, mixed=mixed, attention=attention)


def build(tf, name, make):
    """A Keras model with weights and batch statistics that are not the initial ones."""
    tf.keras.utils.set_random_seed(zlib.crc32(name.encode()) & 0xffff)
    x = tf.keras.Input((16, 16, 3), batch_size=1)
    model = tf.keras.Model(x, make(x), name=name)
    rng = np.random.default_rng(7)
    for layer in model.layers:
        values = [v * 1.5 + rng.normal(size=v.shape).astype(np.float32) * 0.05 for v in layer.get_weights()]
        if 'normalization' in layer.name:
            values[3] = np.abs(values[3]) + 0.3
        layer.set_weights(values)
    return model


def convert(tf, model, way):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    rng = np.random.default_rng(3)
    samples = [rng.normal(size=(1, 16, 16, 3)).astype(np.float32) for _ in range(24)]
    if way == 'float32':
        return converter.convert()
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if way == 'float16':
        converter.target_spec.supported_types = [tf.float16]
    elif way != 'hybrid':
        converter.representative_dataset = lambda: ([s] for s in samples)
        kinds = tf.lite.OpsSet
        converter.target_spec.supported_ops = [kinds.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8] if way == 'int16' else [kinds.TFLITE_BUILTINS_INT8]
        if way in ('int8', 'uint8'):
            converter.inference_input_type = converter.inference_output_type = getattr(tf, way)
        if way == 'int16':
            converter.inference_input_type = converter.inference_output_type = tf.int16
    return converter.convert()


def inputs_for(details):
    """Four feeds: random twice, then both ends."""
    rng = np.random.default_rng(11)
    feeds = []
    for kind in range(4):
        row = []
        for d in details:
            if np.dtype(d['dtype']).kind == 'f':
                value = rng.normal(size=d['shape']) if kind < 2 else np.full(d['shape'], -3.0 if kind == 2 else 3.0)
            else:
                info = np.iinfo(d['dtype'])
                value = rng.integers(info.min, info.max, d['shape'], endpoint=True) if kind < 2 else np.full(d['shape'], info.min if kind == 2 else info.max)
            row.append(np.asarray(value, d['dtype']))
        feeds.append(row)
    return feeds


def record(folder, name, model, worker):
    """Writes one model with LiteRT's answers; returns its errors."""
    from ai_edge_litert import interpreter as module
    details = module.Interpreter(model_content=model).get_input_details()
    feeds = inputs_for(details)
    arrays, errors = kernel_truth.recorded(worker, model, feeds)
    with open(os.path.join(folder, name + '.tflite'), 'wb') as f:
        f.write(model)
    np.savez_compressed(os.path.join(folder, name + '.npz'), **arrays)
    return {'inputs': [d['name'] for d in details], 'samples': len(feeds), 'depth': 512, 'bytes': len(model), 'errors': errors}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--folder', default=os.path.join(CACHE, 'quantized'), help='where to write (default: quantized/ in the cache)')
    folder = parser.parse_args().folder
    os.makedirs(folder, exist_ok=True)
    import tensorflow as tf
    tf.get_logger().setLevel('ERROR')
    start, index, failed, worker = time.time(), [], 0, Worker('litert')
    for name, make in networks(tf).items():
        model = build(tf, name, make)
        for way in WAYS:
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    bytes_of = convert(tf, model, way)
                made = record(folder, f'{name}-{way}', bytes_of, worker)
            except Exception as error:
                failed += (name, way) not in UNSUPPORTED
                print(f'{name:12s}{way:16s}not made: {type(error).__name__}: {" ".join(str(error).split())[:200]}')
                continue
            index.append({'name': f'{name}-{way}', 'op': name, 'types': way} | made)
            print(f'{name:12s}{way:16s}{made["bytes"]:7d} bytes  {made["errors"] or ""}', flush=True)
    worker.close()
    with open(os.path.join(folder, 'index.json'), 'w') as f:
        json.dump(index, f, indent=0)
    print(f'{len(index)} models in {time.time() - start:.0f} s, in {folder}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
