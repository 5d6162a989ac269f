"""OneHot, TopK, ArgMax, Where, Unique, segments, partitions and stitches, SparseToDense."""

import numpy as np
import tensorflow as tf

from .core import dims


def cases(add):
    for op in ('ArgMax', 'ArgMin'):
        for shape in [(5,), (3, 4), (2, 3, 4), (1, 2, 3, 4)]:
            for axis in range(-1, len(shape)):
                for out in ('int32', 'int64'):
                    add(op, f'of {dims(shape)} axis {axis} {out}'.replace('-', 'minus '), lambda b: b.op(
                        op, input=b.x(shape), dimension=axis, output_type=out))
        for dtype in ('int32', 'int64', 'uint8', 'int8', 'int16', 'float64', 'bool'):
            add(op, dtype, lambda b: b.op(op, input=b.x((3, 4), dtype), dimension=1))
        add(op, 'of ties', lambda b: b.op(op, input=b.x((2, 5), data=[[1, 3, 3, 0, 0], [2, 2, 2, 2, 2]]), dimension=1))
        add(op, 'int64 axis', lambda b: b.op(op, input=b.x((3, 4)), dimension=np.int64(0)))
        add(op, 'of an unknown batch', lambda b: b.op(op, input=b.x((None, 4)), dimension=1))
    one_hot(add)
    for k in (1, 3, 5):
        for shape in [(5,), (2, 6), (2, 2, 5)]:
            add('TopKV2', f'{k} of {dims(shape)}', lambda b: b.op('TopKV2', input=b.x(shape), k=k))
    for dtype in ('int32', 'int64', 'uint8', 'int8', 'int16', 'float64'):
        add('TopKV2', dtype, lambda b: b.op('TopKV2', input=b.x((2, 6), dtype), k=3))
    add('TopKV2', 'of ties', lambda b: b.op('TopKV2', input=b.x((2, 5), data=[[1, 3, 3, 0, 0], [2, 2, 2, 2, 2]]), k=3))
    add('TopKV2', 'fed k', lambda b: b.op('TopKV2', input=b.x((2, 6)), k=b.x((), 'int32', data=2)))
    add('TopKV2', 'values only', lambda b: b.op('TopKV2', input=b.x((2, 6)), k=2)[0])
    add('TopKV2', 'indices only', lambda b: b.op('TopKV2', input=b.x((2, 6)), k=2)[1])
    add('TopKV2', 'of an unknown batch', lambda b: b.op('TopKV2', input=b.x((None, 6)), k=2))
    add('TopKV2', 'zero', lambda b: b.op('TopKV2', input=b.x((2, 6)), k=0))
    add('TopK', '2 of 2x6', old_top_k)
    for shape in [(6,), (3, 4), (2, 3, 2)]:
        add('Where', f'of {dims(shape)}', lambda b: b.op('Where', condition=b.x(shape, 'bool')))
    for dtype in ('float32', 'int32', 'int64', 'uint8', 'int8'):
        add('Where', dtype, lambda b: b.op('Where', condition=b.x((3, 4), dtype, data=b.rng.integers(0, 2, (3, 4)))))
    add('Where', 'nowhere', lambda b: b.op('Where', condition=b.x((2, 3), 'bool', data=np.zeros((2, 3)))))
    add('Where', 'then gather', lambda b: (lambda x: tf.gather_nd(x, tf.where(x > 0.)))(b.x((3, 4))))
    add('Where', 'boolean mask', lambda b: tf.boolean_mask(b.x((4, 2)), b.x((4,), 'bool')))
    for dtype in ('int32', 'int64', 'float32', 'uint8', 'int8', 'int16'):
        for out in ('int32', 'int64'):
            add('Unique', f'{dtype} {out} ids', lambda b: b.op('Unique', x=b.x((8,), dtype, data=[3, 1, 3, 2, 2, 1, 5, 3]), out_idx=out))
    segments(add)
    stitches(add)
    sparse(add)
    wider(add)


def one_hot(add):
    for shape in [(), (4,), (2, 3), (2, 1, 2)]:
        for axis in range(-1, len(shape) + 1):
            add('OneHot', f'of {dims(shape)} axis {axis}'.replace('-', 'minus '), lambda b: b.op(
                'OneHot', indices=b.x(shape, 'int32', -1, 5), depth=4, on_value=1., off_value=0., axis=axis))
    for dtype in ('float32', 'int32', 'int64', 'bool', 'uint8', 'int8'):
        for index in ('int32', 'int64', 'uint8'):
            add('OneHot', f'{dtype} by {index}', lambda b: b.op(
                'OneHot', indices=b.x((4,), index, 0, 5), depth=4, on_value=np.array(1).astype(dtype),
                off_value=np.array(0).astype(dtype)))
    add('OneHot', 'other values', lambda b: b.op('OneHot', indices=b.x((4,), 'int32', 0, 4), depth=3, on_value=2.5, off_value=-1.))
    add('OneHot', 'fed values', lambda b: b.op('OneHot', indices=b.x((4,), 'int32', 0, 4), depth=3, on_value=b.x(()), off_value=b.x(())))
    add('OneHot', 'fed depth', lambda b: b.op('OneHot', indices=b.x((4,), 'int32', 0, 4), depth=b.x((), 'int32', data=5),
                                              on_value=1., off_value=0.))
    add('OneHot', 'of an unknown batch', lambda b: b.op('OneHot', indices=b.x((None,), 'int32', 0, 4), depth=3, on_value=1., off_value=0.))


def old_top_k(b):
    """TopK is from before GraphDef version 7; its k is an attribute. Values come from TopKV2."""
    def edit(definition):
        definition.versions.producer = 6
        for node in definition.node:
            if node.op == 'TopKV2':
                node.op = 'TopK'
                del node.input[1:]
                del node.attr['Tk'], node.attr['index_type']
                node.attr['k'].i = 2
    b.edit = edit
    values, indices = b.op('TopKV2', input=b.x((2, 6)), k=2)
    b.twins[values.name] = values
    return values, indices


def segments(add):
    for dtype in ('float32', 'int32', 'int64'):
        for shape in [(5,), (5, 2), (5, 2, 2)]:
            add('SegmentSum', f'{dtype} {dims(shape)}', lambda b: b.op('SegmentSum', data=b.x(shape, dtype), segment_ids=[0, 0, 1, 2, 2]))
            add('SegmentSum', f'{dtype} {dims(shape)} with a gap', lambda b: b.op(
                'SegmentSum', data=b.x(shape, dtype), segment_ids=[0, 0, 1, 3, 3]))
    add('SegmentSum', 'fed ids', lambda b: b.op('SegmentSum', data=b.x((4, 2)), segment_ids=b.x((4,), 'int32', data=[0, 1, 1, 2])))
    add('SegmentSum', 'int64 ids', lambda b: b.op('SegmentSum', data=b.x((4, 2)), segment_ids=b.x((4,), 'int64', data=[0, 1, 1, 2])))
    for op in ('UnsortedSegmentSum', 'UnsortedSegmentMax', 'UnsortedSegmentMin', 'UnsortedSegmentProd'):
        add(op, 'of rows', lambda b: b.op(op, data=b.x((4, 2)), segment_ids=[2, 0, 2, 1], num_segments=3))


def stitches(add):
    for op in ('DynamicStitch', 'ParallelDynamicStitch'):
        add(op, 'two parts', lambda b: b.op(op, indices=[[0, 2], [1, 3]], data=[b.x((2, 3)), b.x((2, 3))]))
        add(op, 'scalars and rows', lambda b: b.op(op, indices=[1, [0, 2]], data=[b.x((3,)), b.x((2, 3))]))
        add(op, 'fed ids', lambda b: b.op(op, indices=[b.x((2,), 'int32', data=[3, 0]), b.x((2,), 'int32', data=[1, 2])],
                                          data=[b.x((2,)), b.x((2,))]))
        add(op, 'int32', lambda b: b.op(op, indices=[[0, 2], [1, 3]], data=[b.x((2, 3), 'int32'), b.x((2, 3), 'int32')]))
    add('DynamicStitch', 'written twice', lambda b: b.op('DynamicStitch', indices=[[0, 1], [1, 2]], data=[b.x((2, 3)), b.x((2, 3))]))
    for count in (1, 2, 3):
        add('DynamicPartition', f'constant into {count}', lambda b: b.op(
            'DynamicPartition', data=b.x((5, 2)), partitions=np.int32([0, 1, 0, 2, 1]) % count, num_partitions=count))
        add('DynamicPartition', f'fed into {count}', lambda b: b.op(
            'DynamicPartition', data=b.x((5, 2)), partitions=b.x((5,), 'int32', 0, count), num_partitions=count))


def sparse(add):
    for shape, ids, values in [([5], [1, 3], (2,)), ([5], [[1], [3]], (2,)), ([3, 4], [[0, 1], [2, 3]], (2,)),
                               ([3, 4], [[0, 1], [2, 3]], ()), ([2, 2, 2], [[0, 0, 1], [1, 1, 0]], (2,)), ([4], 2, ())]:
        for dtype in ('float32', 'int32', 'int64', 'bool'):
            default = np.array(0).astype(dtype) if dtype == 'bool' else np.array(-1).astype(dtype)
            add('SparseToDense', f'{dtype} {dims(values)} into {dims(shape)} at {np.shape(ids)}', lambda b: b.op(
                'SparseToDense', sparse_indices=ids, output_shape=shape, sparse_values=b.x(values, dtype), default_value=default))
    add('SparseToDense', 'fed ids', lambda b: b.op('SparseToDense', sparse_indices=b.x((2,), 'int32', data=[0, 3]), output_shape=[5],
                                                   sparse_values=b.x((2,)), default_value=0.))
    add('SparseToDense', 'int64 ids', lambda b: b.op('SparseToDense', sparse_indices=np.int64([0, 3]), output_shape=np.int64([5]),
                                                     sparse_values=b.x((2,)), default_value=b.x(())))


def wider(add):
    for exclusive in (False, True):
        for reverse in (False, True):
            add('Cumsum', f'exclusive {exclusive} reverse {reverse}', lambda b: b.op(
                'Cumsum', x=b.x((2, 4)), axis=1, exclusive=exclusive, reverse=reverse))
    add('Roll', 'of 3x4', lambda b: b.op('Roll', input=b.x((3, 4)), shift=[1, -1], axis=[0, 1]))
    add('InvertPermutation', 'of 4', lambda b: b.op('InvertPermutation', x=b.x((4,), 'int32', data=[2, 0, 3, 1])))
    add('Bucketize', 'of 2x3', lambda b: b.op('Bucketize', input=b.x((2, 3)), boundaries=[-1., 0., 1.]))
