"""Small networks of Keras layers in common use. Each function gives a model; `samples` what it is fed."""

import numpy as np
import tensorflow as tf

L = tf.keras.layers


def encoder(x, width, heads, hidden, activation):
    x = L.LayerNormalization(epsilon=1e-6)(x + L.MultiHeadAttention(heads, width // heads)(x, x))
    return L.LayerNormalization()(x + L.Dense(width)(L.Dense(hidden, activation=activation)(x)))


def transformer(length, activation):
    tokens = L.Input([length], dtype=tf.int32)
    x = L.Embedding(50, 24)(tokens)
    for _ in range(2):
        x = encoder(x, 24, 3, 48, activation)
    return tf.keras.Model(tokens, L.Dense(5, activation="softmax")(L.GlobalAveragePooling1D()(x)))


def unet():
    image = x = L.Input([32, 32, 3])
    skips = []
    for channels in (8, 16, 32):
        x = L.ReLU()(L.BatchNormalization()(L.Conv2D(channels, 3, padding="same", use_bias=False)(x)))
        skips.append(x)
        x = L.MaxPool2D()(x)
    x = L.Conv2D(64, 3, padding="same", activation="relu")(x)
    for channels, skip in zip((32, 16, 8), reversed(skips)):
        x = L.ReLU()(L.BatchNormalization()(L.Conv2DTranspose(channels, 2, 2, padding="same")(x)))
        x = L.Conv2D(channels, 3, padding="same", activation="relu")(L.Concatenate()([x, skip]))
    return tf.keras.Model(image, L.Conv2D(2, 1, activation="softmax")(x))


def images():
    image = x = L.Input([32, 32, 3])
    for channels in (8, 16):
        x = L.SeparableConv2D(channels, 3, strides=2, padding="same")(x)
        x = L.GroupNormalization(4)(L.PReLU(shared_axes=[1, 2])(x))
    x = L.LeakyReLU(0.1)(L.Conv2D(6, 1)(L.UpSampling2D(2, interpolation="bilinear")(x)))
    x = L.ZeroPadding2D(2)(L.Cropping2D(1)(L.UpSampling2D(2)(x)))
    x = L.GlobalMaxPooling2D()(L.Conv2D(4, 3, activation="swish")(x))
    return tf.keras.Model(image, L.Dense(3, activation="softplus")(L.Flatten()(L.Permute([2, 1])(L.Reshape([2, 2])(x)))))


def series():
    signal = x = L.Input([40, 6])
    x = L.MaxPool1D(2)(L.Conv1D(8, 5, padding="causal", activation="relu")(x))
    x = L.ELU()(L.BatchNormalization()(L.Conv1D(8, 3, dilation_rate=2, padding="same")(x)))
    x = L.DepthwiseConv1D(3)(L.SeparableConv1D(4, 3)(L.AveragePooling1D(2)(x)))
    return tf.keras.Model(signal, L.Dense(4, activation="sigmoid")(L.Flatten()(L.Conv1DTranspose(4, 3, 2)(x))))


def vectors():
    vector = L.Input([10])
    x = L.Dropout(0.5)(L.Activation("selu")(L.BatchNormalization()(L.Dense(16)(vector))))
    x = L.Dense(16, activation="tanh")(L.LayerNormalization()(x))
    y = L.Dense(16)(x)
    x = L.Multiply()([L.Add()([x, y]), L.Maximum()([x, y])])
    return tf.keras.Model(vector, L.Dot(1, normalize=True)([x, y]))


NETWORKS = {
    "transformer": lambda: transformer(16, "gelu"), "transformer of any length": lambda: transformer(None, "relu"), "u-net": unet,
    "layers of images": images, "layers of series": series, "layers of vectors": vectors,
}


def samples(model, random):
    shape = [2, *(16 if size is None else size for size in model.inputs[0].shape[1:])]
    if model.inputs[0].dtype == tf.int32:
        return random.integers(0, 50, shape).astype(np.int32)
    return random.uniform(-1, 1, shape).astype(np.float32)
