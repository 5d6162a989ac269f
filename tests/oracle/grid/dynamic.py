"""Every kind of operator with a batch that is not known, read with a size that is fed, and with --shapes."""

import tensorflow as tf

MATRIX = {
    'Sub': lambda b, x: b.c((3,)) - x, 'Mul': lambda b, x: x * b.c((3,)), 'RealDiv': lambda b, x: x / b.c((3,), low=0.5, high=2),
    'AddV2': lambda b, x: x + b.c((1, 3)), 'Maximum': lambda b, x: tf.maximum(x, b.c(())), 'Pow': lambda b, x: tf.pow(tf.abs(x), 1.5),
    'Greater': lambda b, x: x > 0., 'SelectV2': lambda b, x: tf.where(x > 0., x, b.c((3,))), 'Cast': lambda b, x: tf.cast(x, 'int32'),
    'MatMul': lambda b, x: tf.matmul(x, b.c((3, 4))), 'Softmax': lambda b, x: tf.nn.softmax(x), 'LogSoftmax': lambda b, x: tf.nn.log_softmax(x),
    'Sum': lambda b, x: tf.reduce_sum(x, 0), 'Mean': lambda b, x: tf.reduce_mean(x), 'Max': lambda b, x: tf.reduce_max(x, 1, True),
    'ArgMax': lambda b, x: tf.argmax(x, 1), 'ArgMin': lambda b, x: tf.argmin(x, 0), 'TopKV2': lambda b, x: tf.nn.top_k(x, 2)[0],
    'ConcatV2': lambda b, x: tf.concat([x, x * 2.], 0), 'Pack': lambda b, x: tf.stack([x, x], 1), 'Unpack': lambda b, x: tf.unstack(x, 3, axis=1),
    'Split': lambda b, x: tf.split(x, 3, 1), 'StridedSlice': lambda b, x: x[:, 1:], 'Slice': lambda b, x: tf.slice(x, [0, 1], [-1, 1]),
    'Transpose': lambda b, x: tf.transpose(x), 'Reshape': lambda b, x: tf.reshape(x, [-1, 1, 3]), 'Squeeze': lambda b, x: tf.squeeze(x[:, :1], 1),
    'ExpandDims': lambda b, x: tf.expand_dims(x, -1), 'Tile': lambda b, x: tf.tile(x, [2, 1]), 'Pad': lambda b, x: tf.pad(x, [[1, 0], [0, 1]]),
    'MirrorPad': lambda b, x: tf.pad(x, [[0, 0], [1, 1]], 'REFLECT'), 'GatherV2': lambda b, x: tf.gather(x, [0, 1]),
    'GatherNd': lambda b, x: tf.gather_nd(x, [[0, 1], [1, 2]]), 'OneHot': lambda b, x: tf.one_hot(tf.cast(x, 'int32'), 3),
    'ReverseV2': lambda b, x: tf.reverse(x, [0]), 'Where': lambda b, x: tf.where(x > 0.), 'ZerosLike': lambda b, x: tf.zeros_like(x),
    'Shape': lambda b, x: tf.shape(x), 'Fill': lambda b, x: tf.fill(tf.shape(x), 1.5), 'Range': lambda b, x: tf.range(tf.shape(x)[0]),
    'MatrixDiag': lambda b, x: tf.linalg.diag(x), 'BiasAdd': lambda b, x: tf.nn.bias_add(x, b.c((3,))), 'Elu': lambda b, x: tf.nn.elu(x),
    'LeakyRelu': lambda b, x: tf.nn.leaky_relu(x), 'AddN': lambda b, x: tf.add_n([x, x]), 'SquaredDifference': lambda b, x: tf.math.squared_difference(x, b.c((3,))),
    'FloorMod': lambda b, x: tf.math.floormod(x, 2.), 'Selu': lambda b, x: tf.nn.selu(x), 'Softplus': lambda b, x: tf.nn.softplus(x),
    'Unique': lambda b, x: tf.unique(tf.cast(tf.reshape(x, [-1]), 'int32'))[0], 'FakeQuantWithMinMaxArgs': lambda b, x: tf.quantization.fake_quant_with_min_max_args(x),
    'BatchMatMulV2': lambda b, x: tf.matmul(x[:, None], x[:, :, None]), 'IsNan': lambda b, x: tf.math.is_nan(x), 'Identity': lambda b, x: tf.identity(x),
    'All': lambda b, x: tf.reduce_all(x > -9., 1), 'LogicalAnd': lambda b, x: tf.logical_and(x > 0., x < 1.),
}
IMAGE = {
    'Conv2D': lambda b, x: tf.nn.conv2d(x, b.c((3, 3, 2, 3)), 2, 'SAME'), 'DepthwiseConv2dNative': lambda b, x: tf.nn.depthwise_conv2d(x, b.c((3, 3, 2, 2)), [1, 1, 1, 1], 'VALID'),
    'Conv2DBackpropInput': lambda b, x: tf.nn.conv2d_transpose(x, b.c((3, 3, 3, 2)), tf.stack([tf.shape(x)[0], 8, 8, 3]), 2, 'SAME'),
    'MaxPool': lambda b, x: tf.nn.max_pool2d(x, 2, 2, 'VALID'), 'AvgPool': lambda b, x: tf.nn.avg_pool2d(x, 3, 2, 'SAME'),
    'Mean': lambda b, x: tf.reduce_mean(x, [1, 2]), 'ResizeBilinear': lambda b, x: tf.image.resize(x, [6, 6]),
    'ResizeNearestNeighbor': lambda b, x: tf.image.resize(x, [8, 8], 'nearest'), 'SpaceToDepth': lambda b, x: tf.nn.space_to_depth(x, 2),
    'SpaceToBatchND': lambda b, x: tf.space_to_batch(x, [2, 2], [[0, 0], [0, 0]]), 'LRN': lambda b, x: tf.nn.local_response_normalization(x),
    'FusedBatchNormV3': lambda b, x: tf.compat.v1.nn.fused_batch_norm(x, b.c((2,)), b.c((2,)), b.c((2,)), b.c((2,), low=0.5, high=2), is_training=False)[0],
    'BiasAdd': lambda b, x: tf.nn.bias_add(x, b.c((2,))), 'Pad': lambda b, x: tf.pad(x, [[0, 0], [1, 1], [2, 0], [0, 0]]), 'Transpose': lambda b, x: tf.transpose(x, [0, 3, 1, 2]),
    'ConcatV2': lambda b, x: tf.concat([x, tf.nn.relu(x)], 3), 'Composite': lambda b, x: tf.nn.relu6(tf.nn.conv2d(x, b.c((1, 1, 2, 2)), 1, 'SAME') * b.c((2,)) + b.c((2,))) + x,
}


def cases(add):
    for op, build in MATRIX.items():
        for batch in (1, 4):
            add(op, f'matrix batch fed {batch}', lambda b: build(b, b.x((None, 3), fed=[max(batch, 2) if op in ('GatherV2', 'GatherNd') else batch, 3])))
        add(op, 'matrix of unknown sizes', lambda b: build(b, b.x((None, None), fed=[4, 3])))
        add(op, 'matrix of an unknown width', lambda b: build(b, b.x((4, None), fed=[4, 3])))
        add(op, 'matrix with shapes given', lambda b: given(b, (None, 3), [4, 3], build))
    for op, build in IMAGE.items():
        for batch in (1, 3):
            add(op, f'image batch fed {batch}', lambda b: build(b, b.x((None, 4, 4, 2), fed=[batch, 4, 4, 2])))
        add(op, 'image of an unknown size', lambda b: build(b, b.x((1, None, None, 2), fed=[1, 4, 4, 2])))
        add(op, 'image of unknown size and batch', lambda b: build(b, b.x((None, None, None, 2), fed=[2, 4, 4, 2])))
        add(op, 'image with shapes given', lambda b: given(b, (None, None, None, 2), [2, 4, 4, 2], build))
        add(op, 'image of an unknown rank with shapes given', lambda b: given(b, None, [2, 4, 4, 2], build))


def given(b, shape, fed, build):
    b.shapes = ','.join(map(str, fed))
    if shape is not None:
        return build(b, b.x(shape, fed=fed))
    y = build(b, b.x(fed))

    def edit(definition):
        for node in definition.node:
            if node.op == 'Placeholder':
                node.attr['shape'].shape.unknown_rank = True
                del node.attr['shape'].shape.dim[:]
    b.edit = edit
    return y
