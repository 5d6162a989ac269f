#!/usr/bin/env python3
"""Writes Keras's applications, and the networks of `keras_networks.py`, as frozen graphs with TensorFlow's numbers and TensorFlow's own .tflite (run with TensorFlow 2.15.1).

Weights are random, statistics of batch normalisation too, so that no fold is trivial. What is there already stays.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras_networks
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

# The size of the image, and its largest value.
APPLICATIONS = {
    "MobileNet": (96, 1), "MobileNetV2": (96, 1), "MobileNetV3Small": (96, 255), "MobileNetV3Large": (96, 255), "EfficientNetB0": (96, 255),
    "EfficientNetV2B0": (96, 255), "NASNetMobile": (224, 1), "DenseNet121": (96, 1), "ResNet50": (96, 1), "ResNet50V2": (96, 1), "VGG16": (64, 1),
    "InceptionV3": (96, 1), "Xception": (96, 1), "InceptionResNetV2": (96, 1), "RegNetX002": (96, 255), "ResNetRS50": (96, 255), "ConvNeXtTiny": (96, 255),
}


def statistics(model, random):
    for v in model.variables:
        if "moving_variance" in v.name or ("gamma" in v.name and len(v.shape) == 1):
            v.assign(random.uniform(0.5, 1.5, v.shape))
        elif "moving_mean" in v.name or "beta" in v.name:
            v.assign(random.normal(0, 0.2, v.shape))


def network(name, random):
    """The model, and what it is fed."""
    if name in keras_networks.NETWORKS:
        model = keras_networks.NETWORKS[name]()
        return model, keras_networks.samples(model, random)
    size, largest = APPLICATIONS[name]
    model = getattr(tf.keras.applications, name)(weights=None, input_shape=(size, size, 3), classes=50)
    return model, random.uniform(0, largest, (2, size, size, 3)).astype(np.float32)


def make(name, folder):
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(1)
    random = np.random.default_rng(0)
    model, x = network(name, random)
    statistics(model, random)
    call = tf.function(lambda x: model(x, training=False)).get_concrete_function(tf.TensorSpec(model.inputs[0].shape, model.inputs[0].dtype, name="x"))
    frozen = convert_variables_to_constants_v2(call)
    (y,) = frozen(tf.constant(x))
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "graph.pb"), "wb") as file:
        file.write(frozen.graph.as_graph_def().SerializeToString())
    np.savez(os.path.join(folder, "numbers.npz"), x=x, y=y.numpy(), input=frozen.inputs[0].name, output=frozen.outputs[0].name)
    converted = tf.lite.TFLiteConverter.from_keras_model(model).convert()
    with open(os.path.join(folder, "tensorflow.tflite"), "wb") as file:  # the last: it tells that all is there
        file.write(converted)


if __name__ == "__main__":
    for application in [*keras_networks.NETWORKS, *APPLICATIONS]:
        target = os.path.join(sys.argv[1], application)
        if not os.path.exists(os.path.join(target, "tensorflow.tflite")):
            make(application, target)
            print(application, flush=True)
