"""Random graphs of five to twenty operators, by seed."""

import numpy as np
import tensorflow as tf

COUNT = 200
UNARY = [tf.nn.relu, tf.nn.relu6, tf.tanh, tf.sigmoid, tf.abs, tf.negative, tf.square, lambda x: tf.nn.leaky_relu(x, 0.1), tf.nn.elu,
         lambda x: tf.minimum(tf.maximum(x, -1.), 1.), tf.identity, tf.stop_gradient, lambda x: tf.exp(tf.minimum(x, 1.)), tf.nn.softmax, tf.sin]
BINARY = [tf.add, tf.subtract, tf.multiply, tf.maximum, tf.minimum, tf.math.squared_difference,
          lambda a, c: a / (tf.abs(c) + 1.), lambda a, c: tf.where(a > c, a, c * 0.5)]
LIMIT = 400


def cases(add):
    for seed in range(COUNT):
        add('Random', f'seed {seed}', lambda b: grow(b, np.random.default_rng(seed)))


def grow(b, rng):
    """Starts from one or two inputs and adds an operator at a time; the last tensors are the outputs."""
    rank = int(rng.integers(2, 5))
    shape = [int(rng.integers(1, 3)), *map(int, rng.integers(2, 6, rank - 1))]
    static = rng.random() < 0.7
    tensors = [b.x((shape[0] if static else None, *shape[1:]), fed=shape) for _ in range(int(rng.integers(1, 3)))]
    read = set()
    for _ in range(int(rng.integers(5, 21))):
        i = len(tensors) - 1 - min(int(rng.exponential(1.0)), len(tensors) - 1)
        y = step(b, rng, tensors, i)
        size = int(np.prod([d or 2 for d in y.shape.as_list()]))
        if size > LIMIT:
            continue
        read.add(i)
        tensors.append(y)
    last = len(tensors) - 1
    ends = [t for i, t in enumerate(tensors) if i == last or (i not in read and t.op.type != 'Placeholder')]
    return ends[-3:]


def step(b, rng, tensors, i):
    x = tensors[i]
    shape, rank = x.shape.as_list(), len(x.shape)
    kind = rng.choice(['unary', 'binary', 'constant', 'shape', 'layer', 'reduce'], p=[.25, .15, .22, .16, .16, .06])
    if kind == 'unary' or None in shape[1:]:
        return UNARY[rng.integers(len(UNARY))](x)
    if kind == 'binary':
        other = tensors[rng.integers(len(tensors))]
        if other.shape.as_list() != shape:
            other = x
        return BINARY[rng.integers(len(BINARY))](x, other)
    if kind == 'constant':
        return with_constant(b, rng, x, shape)
    if kind == 'shape':
        return moved(b, rng, x, shape, rank)
    if kind == 'reduce' and rank > 1:
        axis = int(rng.integers(1, rank))
        return [tf.reduce_mean, tf.reduce_max, tf.reduce_sum][rng.integers(3)](x, axis, keepdims=bool(rng.integers(2)))
    return layer(b, rng, x, shape, rank)


def with_constant(b, rng, x, shape):
    """A constant of some shape that broadcasts, on either side."""
    depth = int(rng.integers(0, len(shape)))
    tail = [1 if d is None or rng.random() < 0.2 else d for d in shape[len(shape) - depth:]]
    if rng.random() < 0.15:
        tail = [1] * (len(shape) + 1 - depth) + tail
    c = b.c(tuple(tail), low=0.5, high=2)
    op = [tf.add, tf.subtract, tf.multiply, tf.divide, tf.maximum, tf.minimum][rng.integers(6)]
    if rng.random() < 0.25 and op is not tf.divide:
        return op(c, x)
    return op(x, c)


def moved(b, rng, x, shape, rank):
    """Operators that move elements; the first dimension may be unknown."""
    kind = rng.integers(8)
    if kind == 0 and rank > 2:
        return tf.transpose(x, [0, *(1 + rng.permutation(rank - 1))])
    if kind == 1:
        return tf.reshape(x, [-1, int(np.prod(shape[1:]))]) if rank > 1 else tf.expand_dims(x, 1)
    if kind == 2 and rank < 5:
        return tf.expand_dims(x, int(rng.integers(1, rank + 1)))
    if kind == 3 and rank > 1:
        return tf.concat([x, x * 0.5], int(rng.integers(1, rank)))
    if kind == 4 and rank > 1 and shape[-1] > 1:
        return x[..., int(rng.integers(shape[-1] - 1)):]
    if kind == 5 and rank > 1:
        return tf.pad(x, [[0, 0]] * (rank - 1) + [[int(rng.integers(2)), 1]])
    if kind == 6 and rank > 1 and shape[-1] % 2 == 0:
        return tf.split(x, 2, -1)[int(rng.integers(2))]
    if kind == 7 and rank == 2 and shape[1] % 2 == 0:
        return tf.reshape(x, [-1, 2, shape[1] // 2])
    return tf.reverse(x, [rank - 1])


def layer(b, rng, x, shape, rank):
    out = int(rng.integers(1, 5))
    if rank == 4 and min(shape[1:3]) >= 2:
        kind, pad = rng.integers(5), ['SAME', 'VALID'][rng.integers(2)]
        k = int(rng.integers(1, 3))
        if kind == 0:
            return tf.nn.max_pool2d(x, 2, k, pad)
        if kind == 1:
            return tf.nn.avg_pool2d(x, 2, k, pad)
        if kind == 2:
            return tf.nn.depthwise_conv2d(x, b.c((2, 2, shape[3], k)), [1, 1, 1, 1], pad)
        y = tf.nn.conv2d(x, b.c((2, k, shape[3], out), low=-0.5, high=0.5), int(rng.integers(1, 3)), pad)
        return tf.nn.bias_add(y, b.c((out,))) if kind == 3 else y
    if rank == 2:
        y = tf.matmul(x, b.c((shape[1], out), low=-0.7, high=0.7))
        return y + b.c((out,)) if rng.random() < 0.6 else y
    if rank == 3:
        return tf.matmul(x, b.c((shape[2], out), low=-0.7, high=0.7))
    return tf.nn.relu(x)
