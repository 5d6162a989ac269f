"""Places where a rewrite is tempting and wrong: broadcasting, ranks, shared tensors, NaN."""

import numpy as np
import tensorflow as tf

from .core import dims

BINARY = {'Add': lambda a, c: a + c, 'Sub': lambda a, c: a - c, 'Mul': lambda a, c: a * c, 'RealDiv': lambda a, c: a / c,
          'Maximum': tf.maximum, 'constant Sub': lambda a, c: c - a, 'constant RealDiv': lambda a, c: c / a}


def cases(add):
    for name, op in BINARY.items():
        for source, target, constant in [((2, 6), (3, 4), (4,)), ((2, 6), (3, 4), (3, 1)), ((2, 6), (2, 3, 2), (2,)), ((12,), (3, 4), (4,)),
                                         ((3, 4), (12,), (12,)), ((4,), (1, 4), (3, 1)), ((2, 6), (3, 4), ()), ((1, 12), (12,), (2, 12)),
                                         ((2, 3, 4), (6, 4), (4,)), ((6, 4), (2, 3, 4), (3, 4)), ((2, 2, 3), (4, 3), (4, 1)), ((12,), (1, 12), (1,))]:
            add('Composite', f'reshape {dims(source)} to {dims(target)} then {name} {dims(constant)}', lambda b: op(
                tf.reshape(b.x(source, low=0.5, high=2), target), b.c(constant, low=0.5, high=2)))
        for perm, constant in [((0, 2, 1), (3,)), ((0, 2, 1), (4, 1)), ((2, 0, 1), (2, 3)), ((1, 2, 0), ())]:
            add('Composite', f'transpose {"".join(map(str, perm))} then {name} {dims(constant)}', lambda b: op(
                tf.transpose(b.x((2, 3, 4), low=0.5, high=2), perm), b.c(constant, low=0.5, high=2)))
        neutral = 0. if 'Sub' in name or name == 'Add' else 1.
        for shape in [(), (3,), (1, 3), (2, 3), (1, 2, 3), (4, 1, 1), (1, 1, 1, 1), (1,)]:
            add('Composite', f'{name} of neutral {dims(shape)}', lambda b: op(
                b.x((2, 3), low=0.5, high=2), tf.constant(np.full(shape, neutral, 'float32'))))
        add('Composite', f'{name} of neutral widening ones', lambda b: op(b.x((1, 3), low=0.5, high=2), tf.constant(np.full((2, 1), neutral, 'float32'))))
        add('Composite', f'{name} of neutral on an unknown batch', lambda b: op(b.x((None, 3), low=0.5, high=2), tf.constant(np.full((1, 3), neutral, 'float32'))))
        add('Composite', f'{name} of neutral with an unknown size', lambda b: op(b.x((None, None), fed=[1, 3], low=0.5, high=2), tf.constant(np.full((2, 1), neutral, 'float32'))))
    zero(add)
    pairs(add)
    unary(add)


def zero(add):
    bad = [np.nan, np.inf, -np.inf, 1., -1., 0.]
    add('Mul', 'by zero with nan', lambda b: b.x((6,), data=bad) * 0.)
    add('Mul', 'by a vector of zeros with nan', lambda b: b.x((2, 3), data=np.reshape(bad, (2, 3))) * tf.zeros([3]))
    add('Mul', 'by zeros widening', lambda b: b.x((3,)) * tf.zeros([2, 1, 3]))
    add('Mul', 'by zero int32', lambda b: b.x((2, 3), 'int32') * 0)
    add('Sub', 'from itself with nan', lambda b: (lambda x: x - x)(b.x((6,), data=bad)))
    add('RealDiv', 'by itself with zero and nan', lambda b: (lambda x: x / x)(b.x((6,), data=bad)))
    add('AddV2', 'of zero to minus zero', lambda b: 1. / (b.x((2,), data=[-0., 0.]) + 0.))
    add('AddV2', 'of minus zero', lambda b: 1. / (b.x((2,), data=[-0., 0.]) + tf.constant(-0.)))
    add('Sub', 'of zero from minus zero', lambda b: 1. / (b.x((2,), data=[-0., 0.]) - 0.))
    add('Maximum', 'of itself', lambda b: (lambda x: tf.maximum(x, x))(b.x((6,), data=bad)))
    add('Relu', 'of nan', lambda b: tf.nn.relu(b.x((6,), data=bad)))
    add('Neg', 'twice', lambda b: -(-b.x((6,), data=bad)))
    add('Sqrt', 'of square', lambda b: tf.sqrt(tf.square(b.x((6,), data=bad))))
    add('Log', 'of exp', lambda b: tf.math.log(tf.exp(b.x((6,), data=bad))))
    add('Abs', 'of abs', lambda b: tf.abs(tf.abs(b.x((6,), data=bad))))


def pairs(add):
    for first in [(0, 2, 1), (2, 0, 1), (1, 2, 0)]:
        for second in [(0, 2, 1), (2, 0, 1), (1, 2, 0)]:
            add('Transpose', f'{"".join(map(str, first))} then {"".join(map(str, second))}', lambda b: tf.transpose(
                tf.transpose(b.x((2, 3, 4)), first), second))
    t = tf.transpose
    add('Transpose', 'pair with the middle an output', lambda b: (lambda y: [y, t(y, [1, 0])])(t(b.x((2, 3)), [1, 0])))
    add('Transpose', 'pair around relu', lambda b: t(tf.nn.relu(t(b.x((1, 2, 3, 4)), [0, 2, 3, 1])), [0, 3, 1, 2]))
    add('Transpose', 'pair around add of channels', lambda b: t(t(b.x((1, 2, 3, 4)), [0, 2, 3, 1]) + b.c((2,)), [0, 3, 1, 2]))
    add('Transpose', 'pair around concat', lambda b: t(tf.concat([t(b.x((1, 2, 3, 4)), [0, 2, 3, 1]), t(b.x((1, 2, 3, 4)), [0, 2, 3, 1])], 3), [0, 3, 1, 2]))
    add('Transpose', 'pair around mean', lambda b: tf.reduce_mean(t(b.x((1, 2, 3, 4)), [0, 2, 3, 1]), [1, 2]))
    add('Transpose', 'pair around pad', lambda b: t(tf.pad(t(b.x((1, 2, 3, 4)), [0, 2, 3, 1]), [[0, 0], [1, 0], [0, 1], [0, 0]]), [0, 3, 1, 2]))
    r = tf.reshape
    for first, second in [((3, 4), (2, 6)), ((2, 6), (2, 6)), ((-1,), (2, 2, 3)), ((4, -1), (-1, 4)), ((1, 2, 6), (2, 6))]:
        words = f'{dims(first)} then {dims(second)}'.replace('-1', 'rest')
        add('Reshape', words, lambda b: r(r(b.x((2, 6)), first), second))
        add('Reshape', f'{words} with the middle an output', lambda b: (lambda y: [y, r(y, second)])(r(b.x((2, 6)), first)))
    add('Reshape', 'then transpose then reshape', lambda b: r(t(r(b.x((2, 6)), [2, 2, 3]), [0, 2, 1]), [2, 6]))
    add('Reshape', 'transpose of ones', lambda b: r(t(b.x((1, 3, 1, 2)), [0, 2, 1, 3]), [3, 2]))
    add('Reshape', 'after transpose moving one', lambda b: r(t(b.x((2, 1, 3)), [1, 0, 2]), [2, 3]))
    add('Squeeze', 'then reshape', lambda b: r(tf.squeeze(b.x((2, 1, 3))), [3, 2]))
    add('ExpandDims', 'then squeeze', lambda b: tf.squeeze(tf.expand_dims(b.x((2, 3)), 1), 1))
    add('ExpandDims', 'then add', lambda b: tf.expand_dims(b.x((2, 3)), 1) + b.x((2, 4, 3)))
    add('Tile', 'then add', lambda b: tf.tile(b.x((1, 3)), [2, 1]) + b.x((2, 3)))
    add('Tile', 'then add of constant', lambda b: tf.tile(b.x((1, 3)), [4, 1]) + b.c((3,)))
    add('Tile', 'twice of same then add', lambda b: tf.tile(b.x((2, 3)), [2, 1]) + b.x((4, 3)))
    add('ConcatV2', 'same twice then add narrower', lambda b: (lambda x: tf.concat([x, x], 1) + b.x((2, 1)))(b.x((2, 3))))
    add('ConcatV2', 'one wide same twice then mul', lambda b: (lambda x: tf.concat([x, x], 1) * b.x((2, 2)))(b.x((2, 1))))
    add('Slice', 'of everything', lambda b: tf.slice(b.x((2, 3)), [0, 0], [-1, -1]) * 2.)
    add('Pad', 'by nothing then add', lambda b: tf.pad(b.x((2, 3)), [[0, 0], [0, 0]]) + 1.)
    add('Cast', 'to the same type', lambda b: b.op('Cast', x=b.x((2, 3)), DstT='float32') * 2.)
    add('Mean', 'over nothing', lambda b: tf.reduce_mean(b.x((2, 3)), []) * 2.)


def unary(add):
    """Unary functions after a move of elements: reordering keeps values and shapes."""
    moves = {'reshape': lambda x: tf.reshape(x, [3, 4]), 'transpose': lambda x: tf.transpose(x), 'squeeze': lambda x: tf.squeeze(tf.expand_dims(x, 0)),
             'expand dims': lambda x: tf.expand_dims(x, 1), 'concat': lambda x: tf.concat([x, x], 0), 'slice': lambda x: x[:, ::2]}
    functions = {'relu': tf.nn.relu, 'relu6': tf.nn.relu6, 'cast': lambda x: tf.cast(x, 'int32'), 'neg': tf.negative, 'square': tf.square,
                 'tanh': tf.tanh, 'floor': tf.floor}
    for move, moved in moves.items():
        for function, f in functions.items():
            add('Composite', f'{move} then {function}', lambda b: f(moved(b.x((2, 6), low=-8, high=8))))
        add('Composite', f'add then {move} then relu', lambda b: tf.nn.relu(moved(b.x((2, 6)) + b.c((6,)))))
        add('Composite', f'add then {move} read twice then relu', lambda b: (lambda y: [tf.nn.relu(y), y * 2.])(moved(b.x((2, 6)) + b.c((6,)))))
