"""Activation functions, as ops and as the patterns frameworks write."""

import numpy as np
import tensorflow as tf

from .core import dims

SHAPES = [(), (5,), (2, 3), (1, 2, 3, 2)]
FEATURES = ['Relu', 'Relu6', 'Elu', 'Selu', 'Softplus', 'Softsign']
EDGES = [-np.inf, -100., -7., -1., -0.5, -1e-6, -0.0, 0.0, 1e-6, 0.5, 1., 5.99, 6., 6.01, 20., 80., 100., np.inf, np.nan]


def cases(add):
    for op in FEATURES:
        for shape in SHAPES:
            add(op, f'of {dims(shape)}', lambda b: b.op(op, features=b.x(shape, low=-8, high=8)))
        add(op, 'at the edges', lambda b: b.op(op, features=b.x((len(EDGES),), data=EDGES)))
        add(op, 'of an unknown batch', lambda b: b.op(op, features=b.x((None, 4))))
        for dtype in ('float64', 'half'):
            add(op, f'of {dtype}', lambda b: b.op(op, features=b.x((2, 3), dtype)))
    for dtype in ('int32', 'int64', 'int8', 'int16', 'uint8'):
        add('Relu', f'of {dtype}', lambda b: b.op('Relu', features=b.x((2, 5), dtype)))
        add('Relu6', f'of {dtype}', lambda b: b.op('Relu6', features=b.x((2, 5), dtype)))
    for alpha in (0.0, 0.2, 1.0, 1.5, -0.3):
        add('LeakyRelu', f'alpha {alpha}' if alpha >= 0 else 'negative alpha',
            lambda b: b.op('LeakyRelu', features=b.x((2, 5)), alpha=alpha))
    add('LeakyRelu', 'at the edges', lambda b: b.op('LeakyRelu', features=b.x((len(EDGES),), data=EDGES), alpha=0.3))
    for op in ('Softmax', 'LogSoftmax'):
        for shape in [(4,), (2, 5), (2, 3, 4), (1, 2, 3, 4), (2, 1), (1, 2, 1, 2, 3)]:
            add(op, f'of {dims(shape)}', lambda b: b.op(op, logits=b.x(shape)))
        add(op, 'of an unknown batch', lambda b: b.op(op, logits=b.x((None, 4))))
        add(op, 'of large values', lambda b: b.op(op, logits=b.x((2, 3), low=-90, high=90)))
        for axis in (0, 1, -2):
            add(op, f'on axis {axis}'.replace('-', 'minus '), lambda b: (
                tf.nn.softmax if op == 'Softmax' else tf.nn.log_softmax)(b.x((2, 3, 4)), axis=axis))
    add('Softmax', 'of half', lambda b: b.op('Softmax', logits=b.x((2, 3), 'half')))
    add('Softmax', 'scaled before', lambda b: b.op('Softmax', logits=b.x((2, 4)) * 0.5))
    for name, low, high in [('zero to six', 0, 6), ('minus one to one', -1, 1), ('zero to one', 0, 1),
                            ('two to three', 2, 3), ('minus six to zero', -6, 0)]:
        add('Minimum', f'clip {name}', lambda b: tf.minimum(tf.maximum(b.x((2, 8), low=-8, high=8), low), high))
        add('Maximum', f'clip {name}', lambda b: tf.maximum(tf.minimum(b.x((2, 8), low=-8, high=8), high), low))
        add('Maximum', f'clip {name} constant first',
            lambda b: tf.maximum(float(low), tf.minimum(float(high), b.x((2, 8), low=-8, high=8))))
        add('Minimum', f'tf.clip_by_value {name}', lambda b: tf.clip_by_value(b.x((2, 8), low=-8, high=8), low, high))
    add('Minimum', 'clip at the edges', lambda b: tf.minimum(tf.maximum(b.x((len(EDGES),), data=EDGES), 0.), 6.))
    add('Minimum', 'relu then min 6', lambda b: tf.minimum(tf.nn.relu(b.x((2, 8), low=-8, high=9)), 6.))
    add('Minimum', 'clip by a vector', lambda b: tf.minimum(tf.maximum(b.x((2, 3)), 0.), b.c((3,), low=1, high=2)))
    for name, form in FORMS.items():
        add('Composite', name, lambda b: form(b, b.x((2, 3, 4), low=-6, high=6)))
        add('Composite', f'{name} of an unknown batch', lambda b: form(b, b.x((None, 4), low=-6, high=6)))
    for name, chain in CHAINS.items():
        add('Relu', f'chain {name}', lambda b: chain(b.x((3, 4), low=-9, high=9)))
        add('Relu', f'chain {name} after add', lambda b: chain(b.x((3, 4), low=-5, high=5) + b.c((4,))))


def prelu(b, x):
    return tf.nn.relu(x) + b.c((4,), low=0, high=1) * (x - abs(x)) * 0.5


FORMS = {
    'hard swish by relu6': lambda b, x: x * tf.nn.relu6(x + 3.) / 6.,
    'hard swish times a sixth': lambda b, x: x * (tf.nn.relu6(x + 3.) * np.float32(1 / 6)),
    'hard swish relu6 over six first': lambda b, x: x * (tf.nn.relu6(x + 3.) / 6.),
    'hard swish with another constant': lambda b, x: x * tf.nn.relu6(x + 2.) / 6.,
    'hard sigmoid': lambda b, x: tf.nn.relu6(x + 3.) / 6.,
    'hard sigmoid of keras': lambda b, x: tf.clip_by_value(x * 0.2 + 0.5, 0., 1.),
    'swish': lambda b, x: x * tf.sigmoid(x),
    'mish': lambda b, x: x * tf.tanh(tf.nn.softplus(x)),
    'gelu by tanh': lambda b, x: 0.5 * x * (1. + tf.tanh(0.7978845608 * (x + 0.044715 * tf.pow(x, 3.)))),
    'gelu of a product of three by tanh': lambda b, x: x * (0.5 * (1. + tf.tanh(np.float32(np.sqrt(2 / np.pi)) * (x + 0.044715 * x * x * x)))),
    'gelu by erf': lambda b, x: 0.5 * x * (1. + tf.math.erf(x / np.float32(np.sqrt(2)))),
    'gelu by erf of a product': lambda b, x: x * (0.5 * (1. + tf.math.erf(x * np.float32(np.sqrt(0.5))))),
    'gelu by erfc': lambda b, x: 0.5 * x * tf.math.erfc(-x * np.float32(np.sqrt(0.5))),
    'gelu with another scale': lambda b, x: 0.5 * x * (1. + tf.math.erf(x)),
    'prelu by neg': lambda b, x: tf.nn.relu(x) + (-b.c((4,), low=0, high=1)) * tf.nn.relu(-x),
    'prelu by sub': lambda b, x: tf.nn.relu(x) - b.c((4,), low=0, high=1) * tf.nn.relu(-x),
    'prelu by neg constant after': lambda b, x: tf.nn.relu(-x) * b.c((4,), low=-1, high=0) + tf.nn.relu(x),
    'prelu by abs': prelu,
    'prelu by minimum': lambda b, x: tf.maximum(x, 0.) + b.c((4,), low=0, high=1) * tf.minimum(x, 0.),
    'prelu by select': lambda b, x: tf.where(x > 0., x, x * b.c((4,), low=0, high=1)),
    'prelu with alpha of x shape': lambda b, x: tf.nn.relu(x) + (-b.c((1, 4))) * tf.nn.relu(-x),
    'leaky by maximum': lambda b, x: tf.maximum(x, 0.2 * x),
    'leaky by maximum other order': lambda b, x: tf.maximum(x * 0.2, x),
    'leaky by maximum steep': lambda b, x: tf.maximum(x, 1.5 * x),
    'leaky by maximum negative': lambda b, x: tf.maximum(x, -0.3 * x),
    'leaky by maximum vector': lambda b, x: tf.maximum(x, b.c((4,), low=0, high=0.9) * x),
    'leaky by relu': lambda b, x: tf.nn.relu(x) - 0.1 * tf.nn.relu(-x),
    'leaky by half sums': lambda b, x: 0.6 * x + 0.4 * tf.abs(x),
    'relu by maximum': lambda b, x: tf.maximum(x, 0.),
    'relu by maximum zeros vector': lambda b, x: tf.maximum(tf.zeros([4]), x),
    'relu by maximum zeros of higher rank': lambda b, x: tf.maximum(tf.zeros([1, 1, 1, 4]), x),
    'crelu': lambda b, x: tf.nn.crelu(x),
    'softplus by log exp': lambda b, x: tf.math.log(1. + tf.exp(x)),
    'elu by where': lambda b, x: tf.where(x > 0., x, tf.exp(x) - 1.),
}
CHAINS = {
    'relu relu': lambda x: tf.nn.relu(tf.nn.relu(x)),
    'relu relu6': lambda x: tf.nn.relu6(tf.nn.relu(x)),
    'relu6 relu': lambda x: tf.nn.relu(tf.nn.relu6(x)),
    'relu6 clip one': lambda x: tf.minimum(tf.maximum(tf.nn.relu6(x), -1.), 1.),
    'clip one relu': lambda x: tf.nn.relu(tf.minimum(tf.maximum(x, -1.), 1.)),
    'relu neg relu': lambda x: tf.nn.relu(-tf.nn.relu(x)),
    'relu twice read': lambda x: (lambda r: r * tf.nn.relu6(r))(tf.nn.relu(x)),
    'relu tanh': lambda x: tf.tanh(tf.nn.relu(x)),
}
