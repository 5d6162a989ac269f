"""Space, depth and batch; dilated convolutions written with them; reversals."""

import numpy as np
import tensorflow as tf

from .core import dims


def cases(add):
    for shape, block, pads in [((1, 4, 6, 2), [2, 2], [[0, 0], [0, 0]]), ((1, 3, 5, 2), [2, 2], [[1, 0], [0, 1]]),
                               ((2, 4, 3, 1), [2, 3], [[0, 0], [0, 0]]), ((1, 4, 4, 2), [2, 1], [[1, 1], [0, 0]]),
                               ((1, 4, 4, 2), [1, 2], [[0, 0], [0, 0]]), ((1, 4, 4, 2), [1, 1], [[0, 0], [0, 0]]),
                               ((2, 4, 3), [2], [[0, 0]]), ((2, 5, 3), [3], [[1, 0]]), ((1, 4, 4), [2, 2], [[0, 0], [0, 0]])]:
        words = f'of {dims(shape)} block {dims(block)} pads {" ".join(str(n) for p in pads for n in p)}'
        add('SpaceToBatchND', words, lambda b: b.op('SpaceToBatchND', input=b.x(shape), block_shape=block, paddings=pads))
        inside = (shape[0] * int(np.prod(block)) * 2, *shape[1:])
        crops = [[min(p[0], 1), min(p[1], 1)] for p in pads]
        add('BatchToSpaceND', words, lambda b: b.op('BatchToSpaceND', input=b.x(inside), block_shape=block, crops=crops))
    for dtype in ('int32', 'int64', 'uint8', 'int8'):
        add('SpaceToBatchND', dtype, lambda b: b.op('SpaceToBatchND', input=b.x((1, 4, 4, 1), dtype), block_shape=[2, 2],
                                                    paddings=[[0, 0], [0, 0]]))
        add('BatchToSpaceND', dtype, lambda b: b.op('BatchToSpaceND', input=b.x((4, 2, 2, 1), dtype), block_shape=[2, 2],
                                                    crops=[[0, 0], [0, 0]]))
    add('SpaceToBatchND', 'int64 block', lambda b: b.op('SpaceToBatchND', input=b.x((1, 4, 4, 1)), block_shape=np.int64([2, 2]),
                                                        paddings=np.int64([[0, 0], [0, 0]])))
    add('SpaceToBatchND', 'of an unknown batch', lambda b: b.op('SpaceToBatchND', input=b.x((None, 4, 4, 1)), block_shape=[2, 2],
                                                                paddings=[[0, 0], [0, 0]]))
    add('BatchToSpaceND', 'of an unknown batch', lambda b: b.op('BatchToSpaceND', input=b.x((None, 2, 2, 1), fed=[8, 2, 2, 1]),
                                                                block_shape=[2, 2], crops=[[0, 0], [0, 0]]))
    add('BatchToSpace', 'of 4x2x2x1', lambda b: b.op('BatchToSpace', input=b.x((4, 2, 2, 1)), crops=[[0, 0], [0, 0]], block_size=2))
    add('SpaceToBatch', 'of 1x4x4x1', lambda b: b.op('SpaceToBatch', input=b.x((1, 4, 4, 1)), paddings=[[0, 0], [0, 0]], block_size=2))
    for dtype in ('float32', 'int32', 'int64', 'uint8', 'int8', 'half'):
        for block, shape in [(2, (1, 4, 6, 3)), (3, (2, 6, 3, 1))]:
            add('SpaceToDepth', f'{dtype} block {block}', lambda b: b.op('SpaceToDepth', input=b.x(shape, dtype), block_size=block))
            deep = (1, 2, 3, block * block * 2)
            add('DepthToSpace', f'{dtype} block {block}', lambda b: b.op('DepthToSpace', input=b.x(deep, dtype), block_size=block))
    for op, shape in [('SpaceToDepth', (1, 3, 4, 6)), ('DepthToSpace', (1, 8, 2, 3))]:
        add(op, 'NCHW', lambda b: nchw(b, op, shape))
        batch = (None, 4, 4, 4)
        add(op, 'of an unknown batch', lambda b: b.op(op, input=b.x(batch), block_size=2))
        add(op, 'then relu', lambda b: tf.nn.relu(b.op(op, input=b.x((1, 4, 4, 4)), block_size=2)))
    reversals(add)
    dilated(add)


def nchw(b, op, shape):
    """Results come from a twin in NHWC, as TensorFlow has no kernel for NCHW on a CPU."""
    x = b.x(shape)
    same = tf.transpose(b.op(op, input=tf.transpose(x, [0, 2, 3, 1]), block_size=2), [0, 3, 1, 2])
    y = b.op(op, input=x, block_size=2, data_format='NCHW')
    b.twins[y.name] = same
    return y


def reversals(add):
    for shape, axes in [((5,), [0]), ((2, 3), [1]), ((2, 3), [-1]), ((2, 3), [0, 1]), ((2, 3, 4), [1]), ((2, 3, 4), [0, 2]),
                        ((2, 3, 2, 2), [1, 2]), ((2, 3), [])]:
        words = ' '.join(map(str, axes)).replace('-', 'minus ') or 'none'
        add('ReverseV2', f'of {dims(shape)} axes {words}', lambda b: b.op('ReverseV2', tensor=b.x(shape), axis=np.int32(axes)))
    for dtype in ('int32', 'int64', 'bool', 'uint8', 'int8', 'int16', 'half'):
        add('ReverseV2', dtype, lambda b: b.op('ReverseV2', tensor=b.x((2, 3), dtype), axis=[1]))
    add('ReverseV2', 'int64 axis', lambda b: b.op('ReverseV2', tensor=b.x((2, 3)), axis=np.int64([0])))
    add('ReverseV2', 'of an unknown batch', lambda b: b.op('ReverseV2', tensor=b.x((None, 3)), axis=[1]))
    for shape, seq, batch in [((2, 4), 1, 0), ((4, 2), 0, 1), ((2, 4, 3), 1, 0), ((4, 3, 2), 0, 2), ((2, 3, 4, 2), 2, 0)]:
        for dtype in ('float32', 'int32', 'int64'):
            lengths = np.arange(1, shape[batch] + 1)
            add('ReverseSequence', f'{dtype} {dims(shape)} seq {seq} batch {batch}', lambda b: b.op(
                'ReverseSequence', input=b.x(shape, dtype), seq_lengths=b.x((shape[batch],), 'int32', data=lengths),
                seq_dim=seq, batch_dim=batch))
    add('ReverseSequence', 'int64 lengths', lambda b: b.op('ReverseSequence', input=b.x((2, 4)), seq_lengths=np.int64([2, 3]), seq_dim=1))


def spaced(b, block, kernel, size, pads, crops, depthwise=False, bias=None, inner='VALID', depth=2, other=None):
    """conv inside SpaceToBatchND and BatchToSpaceND; bias: None, 'inside' or 'outside'."""
    x = b.x((1, *size, depth))
    y = b.op('SpaceToBatchND', input=x, block_shape=block, paddings=pads)
    between = y
    if depthwise:
        y = tf.nn.depthwise_conv2d(y, b.c((*kernel, depth, 2)), [1, 1, 1, 1], inner)
        out = depth * 2
    else:
        y, out = tf.nn.conv2d(y, b.c((*kernel, depth, 3)), 1, inner), 3
    if bias == 'inside':
        y = tf.nn.bias_add(y, b.c((out,)))
    y = b.op('BatchToSpaceND', input=y, block_shape=other or block, crops=crops)
    if bias == 'outside':
        y = tf.nn.bias_add(y, b.c((out,)))
    if bias == 'relu':
        y = tf.nn.relu(tf.nn.bias_add(y, b.c((out,))))
    return [y, between] if bias == 'read' else y


def dilated(add):
    none = [[0, 0], [0, 0]]
    for depthwise in (False, True):
        op = 'DepthwiseConv2dNative' if depthwise else 'Conv2D'
        for bias in (None, 'inside', 'outside', 'relu', 'read'):
            tail = f' bias {bias}' if bias else ''
            add(op, f'dilated SAME by 2{tail}', lambda b: spaced(
                b, [2, 2], (3, 3), (6, 6), [[2, 2], [2, 2]], none, depthwise, bias))
            add(op, f'dilated SAME by 2 odd size{tail}', lambda b: spaced(
                b, [2, 2], (3, 3), (7, 5), [[2, 3], [2, 3]], [[0, 1], [0, 1]], depthwise, bias))
            add(op, f'dilated VALID by 2{tail}', lambda b: spaced(b, [2, 2], (3, 3), (6, 8), none, none, depthwise, bias))
            add(op, f'dilated VALID by 2 odd size{tail}', lambda b: spaced(
                b, [2, 2], (3, 3), (7, 7), [[0, 1], [0, 1]], [[0, 1], [0, 1]], depthwise, bias))
            add(op, f'dilated by 2 and 3{tail}', lambda b: spaced(
                b, [2, 3], (3, 3), (6, 6), [[2, 2], [3, 3]], none, depthwise, bias))
            add(op, f'dilated by 3 and 1{tail}', lambda b: spaced(
                b, [3, 1], (3, 3), (6, 6), [[3, 3], [1, 1]], none, depthwise, bias))
            add(op, f'dilated one side padded{tail}', lambda b: spaced(
                b, [2, 2], (3, 3), (6, 6), [[4, 0], [4, 0]], none, depthwise, bias))
            add(op, f'dilated padded more than SAME{tail}', lambda b: spaced(
                b, [2, 2], (3, 3), (6, 6), [[4, 4], [4, 4]], none, depthwise, bias))
            add(op, f'dilated cropped on the left{tail}', lambda b: spaced(
                b, [2, 2], (3, 3), (6, 6), [[2, 2], [2, 2]], [[1, 0], [1, 0]], depthwise, bias))
            add(op, f'dilated cropped more{tail}', lambda b: spaced(
                b, [2, 2], (3, 3), (6, 6), [[2, 2], [2, 2]], [[0, 2], [0, 2]], depthwise, bias))
        add(op, 'dilated inner SAME', lambda b: spaced(b, [2, 2], (3, 3), (6, 6), none, none, depthwise, inner='SAME'))
        add(op, 'dilated inner SAME and pads', lambda b: spaced(
            b, [2, 2], (3, 3), (5, 5), [[0, 1], [0, 1]], [[0, 1], [0, 1]], depthwise, inner='SAME'))
        add(op, 'dilated inner SAME and pads both sides', lambda b: spaced(
            b, [2, 2], (3, 3), (4, 4), [[1, 1], [1, 1]], [[1, 1], [1, 1]], depthwise, inner='SAME'))
        add(op, 'dilated even kernel', lambda b: spaced(b, [2, 2], (2, 2), (6, 6), [[1, 1], [1, 1]], none, depthwise))
        add(op, 'dilated back by another block', lambda b: spaced(
            b, [2, 2], (3, 3), (6, 6), [[2, 2], [2, 2]], none, depthwise, other=[4, 1]))
    for padding in ('SAME', 'VALID'):
        for rate in (2, 3):
            add('Conv2D', f'tf.nn.atrous_conv2d {padding} rate {rate}', lambda b: tf.nn.atrous_conv2d(
                b.x((1, 7, 8, 2)), b.c((3, 3, 2, 3)), rate, padding))
            add('Conv2D', f'tf.nn.convolution {padding} rate {rate} of 1d', lambda b: one(b, rate, padding))
        add('DepthwiseConv2dNative', f'tf.nn.depthwise_conv2d {padding} rate 2', lambda b: tf.nn.depthwise_conv2d(
            b.x((1, 7, 8, 2)), b.c((3, 3, 2, 2)), [1, 1, 1, 1], padding, dilations=[2, 2]))
        add('DepthwiseConv2dNative', f'tf.nn.depthwise_conv2d {padding} rate 2 and 3', lambda b: tf.nn.depthwise_conv2d(
            b.x((1, 7, 8, 2)), b.c((3, 3, 2, 2)), [1, 1, 1, 1], padding, dilations=[2, 3]))


def one(b, rate, padding):
    """A dilated 1-D convolution as TensorFlow 1 wrote it: SpaceToBatchND, ExpandDims, Conv2D, Squeeze, BatchToSpaceND."""
    x = b.x((2, 8, 3))
    pad = rate if padding == 'SAME' else 0
    rest = -(8 + 2 * pad) % rate
    y = b.op('SpaceToBatchND', input=x, block_shape=[rate], paddings=[[pad, pad + rest]])
    y = tf.squeeze(tf.nn.conv2d(tf.expand_dims(y, 1), b.c((1, 3, 3, 4)), 1, 'VALID'), [1])
    return tf.nn.bias_add(b.op('BatchToSpaceND', input=y, block_shape=[rate], crops=[[0, rest]]), b.c((4,)))
