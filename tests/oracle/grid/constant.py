"""Operators on constants alone: what a converter folds, and outputs that are constants."""

import numpy as np
import tensorflow as tf

UNARY = ['Abs', 'Ceil', 'Cos', 'Exp', 'Floor', 'Log', 'Neg', 'Round', 'Rsqrt', 'Sigmoid', 'Sign', 'Sin', 'Sqrt', 'Square', 'Tanh',
         'Reciprocal', 'Expm1', 'Log1p', 'Rint']
BINARY = ['AddV2', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum', 'SquaredDifference', 'Pow', 'FloorDiv', 'FloorMod']
COMPARE = ['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual']


def cases(add):
    def folded(op, words, make, shape=(2, 3), dtype='float32'):
        """make(b) is all constant; it is read by x."""
        add(op, f'{words} plus x', lambda b: make(b) + b.x(shape, dtype))

    for op in UNARY:
        folded(op, 'folded', lambda b: b.op(op, x=b.c((2, 3), low=0.2, high=3)))
    for op in ('Relu', 'Relu6', 'Elu', 'Selu', 'Softplus'):
        folded(op, 'folded', lambda b: b.op(op, features=b.c((2, 3), low=-8, high=8)))
    for op in BINARY:
        folded(op, 'folded', lambda b: b.op(op, x=b.c((2, 3), low=0.2, high=3), y=b.c((3,), low=0.2, high=3)))
        if op != 'RealDiv':
            for dtype in ('int32', 'int64'):
                folded(op, f'{dtype} folded', lambda b: b.op(op, x=b.c((2, 3), dtype, 0 if op == 'Pow' else None),
                                                            y=b.c((3,), dtype, 1, 4)), dtype=dtype)
    for op in COMPARE:
        for dtype in ('float32', 'int32'):
            folded(op, f'{dtype} folded', lambda b: tf.cast(b.op(op, x=b.c((2, 3), dtype, 0, 3), y=b.c((3,), dtype, 0, 3)), 'float32'))
    for op in ('Sum', 'Mean', 'Max', 'Min', 'Prod'):
        for dtype in ('float32', 'int32'):
            folded(op, f'{dtype} folded', lambda b: b.op(op, input=b.c((2, 3), dtype), axis=[1], keep_dims=True), dtype=dtype)
    folded('Fill', 'folded', lambda b: b.op('Fill', dims=[2, 3], value=1.5))
    folded('Range', 'folded', lambda b: b.op('Range', start=0.5, limit=3.2, delta=1.), (3,))
    folded('Range', 'int folded', lambda b: b.op('Range', start=7, limit=0, delta=-3), (3,), 'int32')
    folded('GatherV2', 'folded', lambda b: b.op('GatherV2', params=b.c((4, 3)), indices=[2, 0], axis=0))
    folded('GatherV2', 'axis one folded', lambda b: b.op('GatherV2', params=b.c((2, 4)), indices=[2, 0, 3], axis=1))
    folded('Gather', 'folded 2-D ids', lambda b: b.op('Gather', params=b.c((4,)), indices=[[2, 0, 1], [3, 3, 0]]))
    folded('GatherNd', 'folded', lambda b: b.op('GatherNd', params=b.c((4, 3)), indices=[[2], [1]]))
    for axis in (0, 1, -1):
        name = f'axis {axis}'.replace('-', 'minus ')
        folded('Pack', f'{name} folded', lambda b: b.op('Pack', values=[b.c((2,)), b.c((2,))], axis=axis), (2, 2))
        folded('ConcatV2', f'{name} folded', lambda b: b.op('ConcatV2', values=[b.c((2, 2)), b.c((2, 2))], axis=axis),
               (4, 2) if axis == 0 else (2, 4))
    folded('Reshape', 'folded', lambda b: b.op('Reshape', tensor=b.c((6,)), shape=[2, -1]))
    folded('Transpose', 'folded', lambda b: b.op('Transpose', x=b.c((3, 2)), perm=[1, 0]))
    folded('Transpose', 'rank 5 folded', lambda b: tf.reshape(b.op('Transpose', x=b.c((1, 2, 1, 3, 1)), perm=[4, 1, 0, 3, 2]), [2, 3]))
    folded('Select', 'folded', lambda b: b.op('Select', condition=[[True, False, True]] * 2, x=b.c((2, 3)), y=b.c((2, 3))))
    folded('SelectV2', 'folded', lambda b: b.op('SelectV2', condition=[True, False, True], t=b.c((2, 1)), e=b.c((2, 3))))
    folded('Slice', 'folded', lambda b: b.op('Slice', input=b.c((3, 4)), begin=[1, 0], size=[-1, 3]))
    folded('StridedSlice', 'folded', lambda b: b.c((3, 4))[1:, ::-1][:, 1:])
    folded('StridedSlice', 'shrunk folded', lambda b: b.c((3, 2, 3))[1])
    folded('Tile', 'folded', lambda b: b.op('Tile', input=b.c((1, 3)), multiples=[2, 1]))
    folded('Split', 'folded', lambda b: b.op('Split', axis=0, value=b.c((4, 3)), num_split=2)[1])
    folded('SplitV', 'folded', lambda b: b.op('SplitV', value=b.c((5, 3)), size_splits=[3, -1], axis=0, num_split=2)[1])
    folded('Unpack', 'folded', lambda b: b.op('Unpack', value=b.c((2, 2, 3)), num=2)[1])
    folded('Pad', 'folded', lambda b: b.op('Pad', input=b.c((1, 2)), paddings=[[1, 0], [0, 1]]))
    folded('ExpandDims', 'folded', lambda b: b.op('ExpandDims', input=b.c((3,)), axis=0))
    folded('Squeeze', 'folded', lambda b: b.op('Squeeze', input=b.c((2, 1, 3)), axis=[1]))
    folded('OneHot', 'folded', lambda b: b.op('OneHot', indices=[0, 2], depth=3, on_value=1., off_value=0.))
    folded('ReverseV2', 'folded', lambda b: b.op('ReverseV2', tensor=b.c((2, 3)), axis=[1]))
    folded('MatMul', 'folded', lambda b: tf.matmul(b.c((2, 4)), b.c((4, 3))))
    folded('Softmax', 'folded', lambda b: tf.nn.softmax(b.c((2, 3))))
    folded('ScatterNd', 'folded', lambda b: b.op('ScatterNd', indices=[[1]], updates=b.c((1, 3)), shape=[2, 3]))
    folded('SparseToDense', 'folded', lambda b: b.op('SparseToDense', sparse_indices=[[0, 1]], output_shape=[2, 3], sparse_values=1.,
                                                     default_value=0.))
    folded('FakeQuantWithMinMaxArgs', 'folded', lambda b: b.op('FakeQuantWithMinMaxArgs', inputs=b.c((2, 3)), min=-1., max=1.))
    folded('ArgMax', 'folded', lambda b: b.op('ArgMax', input=b.c((2, 3)), dimension=1, output_type='int32'), (2,), 'int32')
    folded('TopKV2', 'folded', lambda b: b.op('TopKV2', input=b.c((2, 5)), k=3)[0])
    for source in ('float32', 'int32', 'int64', 'bool', 'half', 'uint8'):
        for target in ('float32', 'int32', 'int64'):
            folded('Cast', f'{source} to {target} folded', lambda b: b.op('Cast', x=b.c((2, 3), source, 0, 9), DstT=target), dtype=target)
    folded('Shape', 'folded', lambda b: b.op('Shape', input=b.c((2, 3))), (2,), 'int32')
    folded('Rank', 'folded', lambda b: b.op('Rank', input=b.c((2, 3))), (2,), 'int32')
    folded('Mul', 'by zero with nan', lambda b: b.c((2, 3)) * tf.constant([0., np.nan, np.inf]))
    add('Const', 'as the only output', lambda b: tf.constant([[1., 2.], [3., 4.]], name='only'))
    add('Const', 'as one output of two', lambda b: [tf.identity(b.x((2,))), tf.constant([1., 2.])])
    add('Const', 'int64 as an output', lambda b: [tf.identity(b.x((2,))), tf.constant([1, 2**40], 'int64')])
    add('Const', 'folded output', lambda b: [tf.identity(b.x((2,))), b.c((3,)) * 2.])
    add('Const', 'scalar from tensor_content', lambda b: b.x((2,)) + tf.constant(2.5))
    add('Const', 'filled with one value', lambda b: b.x((4, 5)) + tf.constant(1.5, shape=[4, 5]))
    add('Const', 'half', lambda b: b.x((3,)) + tf.cast(tf.constant([1.5, 2, 3], 'half'), 'float32'))
    add('Const', 'bool', lambda b: tf.logical_and(b.x((3,), 'bool'), tf.constant([True, False, True])))
    add('Const', 'of no elements', lambda b: tf.concat([b.x((2, 2)), tf.zeros([2, 0])], 1))
    add('Const', 'rank 7', lambda b: tf.reshape(b.x((4,)), [1, 1, 1, 2, 1, 2, 1]) + b.c((1, 1, 1, 2, 1, 2, 1)))
