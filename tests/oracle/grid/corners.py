"""Uses that a converter meets rarely: empty tensors, unknown ranks, fed bounds under masks, gaps, types of other results."""

import numpy as np
import tensorflow as tf


def cases(add):
    slices(add)
    empty(add)
    segments(add)
    types(add)
    unknown_rank(add)


def slices(add):
    def fed(b, shape, begin, end, strides, **masks):
        vector = lambda v: b.x((len(v),), 'int32', data=v)
        return b.op('StridedSlice', input=b.x(shape), begin=begin, end=vector(end), strides=strides, **masks)
    add('StridedSlice', 'fed end and an ellipsis of no axis', lambda b: fed(
        b, (2, 5), [-4, 0, 4], [-4, 0, 2], [-1, 1, -1], begin_mask=4, end_mask=1, ellipsis_mask=2))
    add('StridedSlice', 'fed end and a leading ellipsis of no axis', lambda b: fed(b, (4,), [0, -1], [0, 3], [1, -1], begin_mask=2, ellipsis_mask=1))
    add('StridedSlice', 'fed end and an ellipsis of one axis', lambda b: fed(b, (2, 5), [0, 1], [0, 3], [1, 1], ellipsis_mask=1))
    add('StridedSlice', 'fed end and an ellipsis of two axes', lambda b: fed(b, (2, 3, 5), [0, 1], [0, 3], [1, 2], ellipsis_mask=1))
    add('StridedSlice', 'fed end, an ellipsis and a new axis', lambda b: fed(
        b, (2, 3, 5), [0, 0, 0, 1], [0, 0, 0, 4], [1, 1, 1, 1], ellipsis_mask=1, new_axis_mask=2, shrink_axis_mask=4))
    add('StridedSlice', 'fed end and a new axis first', lambda b: fed(b, (4, 3), [0, 1], [0, 3], [1, 1], new_axis_mask=1))
    add('StridedSlice', 'fed end and a last ellipsis', lambda b: fed(b, (4, 3), [1, 0], [3, 0], [1, 1], ellipsis_mask=2))
    add('StridedSlice', 'masks beyond the lists', lambda b: b.op(
        'StridedSlice', input=b.x((3, 4)), begin=[1], end=[3], strides=[1], begin_mask=6, ellipsis_mask=8, new_axis_mask=16))


def empty(add):
    add('Unpack', 'of nothing', lambda b: list(b.op('Unpack', value=b.x((4, 2, 3, 0)), num=3, axis=-2)))
    add('Unpack', 'of nothing int64', lambda b: list(b.op('Unpack', value=b.x((2, 0, 3), 'int64'), num=2, axis=0)))
    add('GatherNd', 'whole tensors by no column', lambda b: b.op('GatherNd', params=b.x((None, 3), fed=[4, 3]), indices=b.x((2, 0), 'int32')))
    add('GatherNd', 'the whole tensor', lambda b: b.op('GatherNd', params=b.x((None, None), 'uint32', fed=[4, 3]), indices=b.x((0,), 'int64')))
    for batch in (None, 3):
        words = 'of no elements' + ('' if batch else ' and an unknown batch')
        add('ReverseV2', words, lambda b: b.op('ReverseV2', tensor=b.x((batch, 4, 0)), axis=[1]))
        add('Softmax', words, lambda b: b.op('Softmax', logits=b.x((batch, 4, 0))))
        add('LogSoftmax', words, lambda b: b.op('LogSoftmax', logits=b.x((batch, 4, 0))))
        add('Composite', f'a slice {words} then reversed and joined', lambda b: (
            lambda y: tf.concat([tf.reverse(y, [1]), tf.nn.leaky_relu(y)], 2))(b.x((batch, 4, 1))[:, :, 1:]))


def segments(add):
    for ids in ([1, 1, 1, 2], [0, 0, 2, 3], [0, 1, 3, 3], [0, 0, 1, 2]):
        words = ' '.join(map(str, ids))
        for dtype in ('float32', 'int32'):
            add('SegmentSum', f'{dtype} fed ids {words}', lambda b: b.op(
                'SegmentSum', data=b.x((4, 2), dtype), segment_ids=b.x((4,), 'int32', data=ids)))
        add('SegmentSum', f'fed int64 ids {words} of an unknown batch', lambda b: b.op(
            'SegmentSum', data=b.x((None, 2), fed=[4, 2]), segment_ids=b.x((4,), 'int64', data=ids)))
    for op in ('UnsortedSegmentMax', 'UnsortedSegmentMin'):
        for dtype in ('float64', 'half'):
            add(op, f'{dtype} with a segment without rows', lambda b: b.op(
                op, data=b.x((4, 2), dtype), segment_ids=[0, 0, 2, 2], num_segments=4))
            add(op, f'{dtype} with rows in each segment', lambda b: b.op(
                op, data=b.x((4, 2), dtype), segment_ids=[0, 0, 1, 2], num_segments=3))


def types(add):
    for dtype in ('half', 'float64'):
        add('IdentityN', f'{dtype} beside an integer', lambda b: list(b.op('IdentityN', input=[b.x((2,), 'int32'), b.x((None, 4), dtype)])))
    for delta in (b'fed', b'constant'):
        add('Range', f'float64 {delta.decode()} delta', lambda b: b.op(
            'Range', start=b.x((), 'float64', data=5), limit=b.x((), 'float64', data=0),
            delta=b.x((), 'float64', data=-1) if delta == b'fed' else np.float64(-1)))


def unknown_rank(add):
    for dtype in ('int32', 'int64'):
        add('InvertPermutation', f'{dtype} of an unknown length', lambda b: b.op('InvertPermutation', x=b.x((None,), dtype, data=[2, 0, 3, 1])))
        add('InvertPermutation', f'{dtype} of an unknown rank', lambda b: b.op('InvertPermutation', x=b.x(None, dtype, data=[2, 0, 3, 1], fed=[4])))
    add('Conv2D', 'of an unknown rank', lambda b: tf.nn.conv2d(b.x(None, fed=[2, 4, 5, 2]), b.c((3, 2, 2, 3)), 1, 'SAME'))
    add('DepthwiseConv2dNative', 'of an unknown rank', lambda b: tf.nn.depthwise_conv2d(
        b.x(None, fed=[2, 4, 5, 2]), b.c((3, 2, 2, 2)), [1, 1, 1, 1], 'VALID'))
    add('SpaceToBatchND', 'three block sizes of an unknown rank', lambda b: b.op(
        'SpaceToBatchND', input=b.x(None, 'int16', fed=[2, 4, 2, 2, 1]), block_shape=[2, 2, 2], paddings=[[0, 0]] * 3))
