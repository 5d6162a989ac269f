"""Slice and StridedSlice with every mask."""

import numpy as np
import tensorflow as tf

from .core import dims

# Python's own indexing, which TensorFlow turns into masks.
INDEXINGS = [
    '[1]', '[-1]', '[:, 1]', '[0, 2]', '[..., 1]', '[1, ...]', '[1:]', '[:-1]', '[:, 1:3]', '[::2]', '[::-1]', '[:, ::-1]',
    '[-1:0:-1]', '[2:0:-1, 1:]', '[:, tf.newaxis]', '[tf.newaxis]', '[..., tf.newaxis]', '[tf.newaxis, ..., tf.newaxis]',
    '[0, tf.newaxis, 1:]', '[:, 0, tf.newaxis]', '[..., 0, :]', '[1:1]', '[5:]', '[-9:2]', '[:99]', '[0:2, ..., 1:4:2]',
    '[::2, ::-2]', '[-2]', '[-2:]', '[:, -3:-1]', '[0:3:2, 3:0:-1]', '[..., -1:]', '[1, 2]', '[:]', '[0:1]',
    '[tf.newaxis, 1, ..., ::2]', '[0, ..., tf.newaxis, 2]', '[2:1]', '[:, :, tf.newaxis]',
]


def index_of(text):
    words = text[1:-1].replace('tf.newaxis', 'new').replace('...', 'dots').replace(':', ' to ').replace('-', ' minus ')
    return ' '.join(words.replace(',', ' comma ').split())


def cases(add):
    for text in INDEXINGS:
        add('StridedSlice', f'of 3x4 at {index_of(text)}', lambda b: eval('x' + text, {'x': b.x((3, 4)), 'tf': tf}))
    for text in ['[1, :, 2]', '[..., 1, :]', '[:, ::-1, 1:]', '[0, ..., ::2]', '[:, tf.newaxis, 1]', '[1, 2, 3]',
                 '[..., tf.newaxis, 1:3]', '[0, tf.newaxis, ..., 1]', '[-1, -1]']:
        add('StridedSlice', f'of 2x3x4 at {index_of(text)}', lambda b: eval('x' + text, {'x': b.x((2, 3, 4)), 'tf': tf}))
    for text in ['[:, 1:, :-1, ::2]', '[..., 0]', '[0, ..., 1:2]', '[:, ::-1, ::-1, ::-1]', '[:, tf.newaxis]',
                 '[1, ..., tf.newaxis]']:
        add('StridedSlice', f'of 2x3x4x2 at {index_of(text)}', lambda b: eval('x' + text, {'x': b.x((2, 3, 4, 2)), 'tf': tf}))
        add('StridedSlice', f'of an unknown batch at {index_of(text)}', lambda b: eval(
            'x' + text, {'x': b.x((None, 3, 4, 2)), 'tf': tf}))
    add('StridedSlice', 'of rank 5', lambda b: b.x((2, 2, 3, 2, 2))[:, 1, ..., ::-1])
    add('StridedSlice', 'of a vector at 2', lambda b: b.x((5,))[2])
    add('StridedSlice', 'of a vector to the end', lambda b: b.x((5,))[3:])
    for dtype in ('int32', 'int64', 'bool', 'uint8', 'int8', 'int16', 'float64', 'half'):
        add('StridedSlice', f'{dtype}', lambda b: b.x((3, 4), dtype)[1:, ::-2])
        add('Slice', f'{dtype}', lambda b: b.op('Slice', input=b.x((3, 4), dtype), begin=[1, 0], size=[-1, 2]))
    for begin_mask in range(4):
        for end_mask in range(4):
            add('StridedSlice', f'begin mask {begin_mask} end mask {end_mask}', lambda b: b.op(
                'StridedSlice', input=b.x((3, 4)), begin=[1, 1], end=[2, 3], strides=[1, 1],
                begin_mask=begin_mask, end_mask=end_mask))
            add('StridedSlice', f'begin mask {begin_mask} end mask {end_mask} backwards', lambda b: b.op(
                'StridedSlice', input=b.x((3, 4)), begin=[1, 2], end=[0, 0], strides=[-1, -2],
                begin_mask=begin_mask, end_mask=end_mask))
    add('StridedSlice', 'shrink and begin mask', lambda b: b.op(
        'StridedSlice', input=b.x((3, 4)), begin=[1, 2], end=[2, 3], strides=[1, 1], begin_mask=1, shrink_axis_mask=1))
    add('StridedSlice', 'shrink with another end', lambda b: b.op(
        'StridedSlice', input=b.x((3, 4)), begin=[1, 2], end=[0, 0], strides=[1, 1], shrink_axis_mask=3))
    add('StridedSlice', 'int64 indices', lambda b: b.op(
        'StridedSlice', input=b.x((3, 4)), begin=np.int64([1, 0]), end=np.int64([3, 2]), strides=np.int64([1, 1])))
    add('StridedSlice', 'int64 end past int32', lambda b: b.op(
        'StridedSlice', input=b.x((3, 4)), begin=np.int64([1, 0]), end=np.int64([2**40, 2]), strides=np.int64([1, 1])))
    add('StridedSlice', 'dynamic begin', lambda b: b.op(
        'StridedSlice', input=b.x((3, 4)), begin=b.x((2,), 'int32', data=[1, 0]), end=[3, 3], strides=[1, 2]))
    add('StridedSlice', 'dynamic begin and end', lambda b: b.op(
        'StridedSlice', input=b.x((3, 4)), begin=b.x((2,), 'int32', data=[1, 0]), end=b.x((2,), 'int32', data=[3, 2]),
        strides=[1, 1]))
    add('StridedSlice', 'dynamic scalar index', lambda b: b.x((3, 4))[b.x((), 'int32', data=2)])
    for begin, size in [([0, 0], [2, 2]), ([1, 2], [-1, -1]), ([1, 0], [1, 4]), ([0, 1], [3, 0]), ([0, 0], [-1, 4]),
                        ([2, 3], [1, 1]), ([0, 0], [3, 4])]:
        words = f'{begin[0]} {begin[1]} size {size[0]} {size[1]}'.replace('-', 'minus ')
        add('Slice', f'of 3x4 at {words}', lambda b: b.op('Slice', input=b.x((3, 4)), begin=begin, size=size))
    for shape in [(5,), (2, 3, 4), (1, 2, 3, 4), (2, 1, 2, 3, 2), (2, 1, 2, 1, 3, 2)]:
        add('Slice', f'of {dims(shape)}', lambda b: b.op(
            'Slice', input=b.x(shape), begin=[0] * (len(shape) - 1) + [1], size=[-1] * (len(shape) - 1) + [1]))
    add('Slice', 'int64 indices', lambda b: b.op('Slice', input=b.x((3, 4)), begin=np.int64([1, 0]), size=np.int64([2, -1])))
    add('Slice', 'dynamic begin', lambda b: b.op('Slice', input=b.x((3, 4)), begin=b.x((2,), 'int32', data=[1, 1]), size=[2, 2]))
    add('Slice', 'dynamic size', lambda b: b.op('Slice', input=b.x((3, 4)), begin=[1, 1], size=b.x((2,), 'int32', data=[2, -1])))
    add('Slice', 'of an unknown batch', lambda b: b.op('Slice', input=b.x((None, 4)), begin=[0, 1], size=[-1, 2]))
    add('Slice', 'of an unknown batch first two', lambda b: b.op('Slice', input=b.x((None, 4)), begin=[0, 1], size=[2, 2]))
