"""CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV."""

import numpy as np

from kernel_grid.affine import Affine, activation
from kernel_grid.core import TYPES

SAME, VALID = 0, 1
ZEROS = ['some', 'low', 'high', 'some']
# words, input, kernel (h, w), out channels, stride (h, w), padding, dilation (h, w), groups
CONVOLUTIONS = [
    ('3x3 same', (1, 5, 6, 3), (3, 3), 4, (1, 1), SAME, (1, 1), 1),
    ('3x2 valid stride 2x1', (2, 6, 5, 4), (3, 2), 5, (2, 1), VALID, (1, 1), 1),
    ('1x1', (1, 4, 4, 8), (1, 1), 7, (1, 1), VALID, (1, 1), 1),
    ('3x3 dilated 2x1', (1, 7, 6, 2), (3, 3), 3, (1, 1), SAME, (2, 1), 1),
    ('3x3 dilated 1x2 valid', (1, 5, 8, 3), (3, 3), 2, (1, 1), VALID, (1, 2), 1),
    ('3x3 stride 2 groups 2', (1, 4, 5, 4), (3, 3), 6, (2, 2), SAME, (1, 1), 2),
    ('1x1 of 2 images and 17 channels', (2, 3, 3, 17), (1, 1), 9, (1, 1), SAME, (1, 1), 1),
    ('4x1 stride 3', (1, 8, 2, 5), (4, 1), 3, (3, 1), SAME, (1, 1), 1),
    ('whole image', (1, 5, 5, 2), (5, 5), 3, (1, 1), VALID, (1, 1), 1),
    ('kernel larger than image', (1, 2, 3, 3), (5, 5), 2, (1, 1), SAME, (1, 1), 1),
    ('2x2 to 33 channels', (1, 3, 3, 2), (2, 2), 33, (1, 1), VALID, (1, 1), 1),
    ('1x1 stride 2', (1, 5, 5, 3), (1, 1), 4, (2, 2), SAME, (1, 1), 1),
]
DEPTHWISES = [  # as above; the multiplier in place of channels
    ('3x3 same', (1, 5, 6, 3), (3, 3), 1, (1, 1), SAME, (1, 1)),
    ('3x3 stride 2', (1, 6, 5, 8), (3, 3), 1, (2, 2), SAME, (1, 1)),
    ('multiplier 3', (1, 4, 4, 2), (3, 3), 3, (1, 1), VALID, (1, 1)),
    ('3x3 dilated 2', (1, 7, 7, 4), (3, 3), 1, (1, 1), SAME, (2, 2)),
    ('2x3 stride 2x1 of 2 images', (2, 5, 4, 5), (2, 3), 1, (2, 1), SAME, (1, 1)),
    ('one channel multiplier 8', (1, 5, 5, 1), (3, 3), 8, (1, 1), SAME, (1, 1)),
    ('5x5 valid', (1, 6, 6, 3), (5, 5), 1, (1, 1), VALID, (1, 1)),
    ('1x1', (1, 3, 3, 16), (1, 1), 1, (1, 1), VALID, (1, 1)),
    ('17 channels', (1, 4, 3, 17), (3, 3), 1, (1, 1), SAME, (1, 1)),
    ('kernel larger than image', (1, 2, 2, 4), (5, 3), 2, (1, 1), SAME, (1, 1)),
    ('3x3 dilated 1x3 valid', (1, 4, 8, 2), (3, 3), 1, (1, 1), VALID, (1, 3)),
]
TRANSPOSES = [  # words, input, kernel, out channels, stride, padding, output height and width
    ('3x3 stride 2', (1, 3, 4, 3), (3, 3), 4, (2, 2), SAME, (6, 8)),
    ('2x2 stride 2 valid', (1, 3, 3, 4), (2, 2), 3, (2, 2), VALID, (6, 6)),
    ('3x3 stride 2 valid', (1, 3, 2, 2), (3, 3), 5, (2, 2), VALID, (7, 5)),
    ('4x4 stride 2', (1, 3, 3, 2), (4, 4), 2, (2, 2), SAME, (6, 6)),
    ('3x3 stride 1 of 2 images', (2, 4, 4, 3), (3, 3), 2, (1, 1), SAME, (4, 4)),
    ('3x3 stride 2 odd size', (1, 3, 3, 3), (3, 3), 2, (2, 2), SAME, (5, 5)),
    ('1x1 stride 3', (1, 2, 2, 5), (1, 1), 9, (3, 3), SAME, (6, 6)),
    ('2x3 stride 1x2', (1, 3, 2, 4), (2, 3), 3, (1, 2), SAME, (3, 4)),
]


def spread(index, types):
    """Per-channel scales, zero points and multipliers above 1 for a case's position in its list."""
    return dict(per_channel=types != 'uint8' and index % 3 != 1, zero=ZEROS[index % 4], large_multiplier=index % 6 == 4)


def bias_types(types, index):
    return ['int32', 'int64'][index % 2] if types == 'int16' else 'int32'


def conv(b, types, index, case, plan=None, bias=None, **more):
    _, shape, (kh, kw), out, stride, padding, dilation, groups = case
    a = Affine(b, types, kh * kw * shape[3] // groups, out, **(plan or spread(index, types)))
    a.x(shape)
    a.w((out, kh, kw, shape[3] // groups))
    a.bias(out, bias or bias_types(types, index))
    a.y()
    b.options(padding=padding, stride_h=stride[0], stride_w=stride[1], dilation_h_factor=dilation[0], dilation_w_factor=dilation[1],
              fused_activation_function=activation(index, types))
    if types == 'int16' and (bias or bias_types(types, index)) == 'int32':
        b.options(quantized_bias_type=TYPES['int32'])
    b.options(**more)


def depthwise(b, types, index, case, plan=None, bias=True):
    _, shape, (kh, kw), multiplier, stride, padding, dilation = case
    out = shape[3] * multiplier
    a = Affine(b, types, kh * kw, out, **(plan or spread(index, types)))
    a.x(shape)
    a.w((1, kh, kw, out), axis=3)
    if bias:
        a.bias(out, 'int64' if types == 'int16' else 'int32')
    a.y()
    b.options(padding=padding, stride_h=stride[0], stride_w=stride[1], dilation_h_factor=dilation[0], dilation_w_factor=dilation[1],
              depth_multiplier=multiplier, fused_activation_function=activation(index, types))


def transpose(b, types, index, case, bias=True):
    _, shape, (kh, kw), out, stride, padding, size = case
    a = Affine(b, types, max(1, kh * kw // (stride[0] * stride[1])) * shape[3], out, **spread(index, types))
    b.c('int32', [shape[0], size[0], size[1], out])
    a.w((out, kh, kw, shape[3]))
    a.x(shape)
    if bias:
        a.bias(out, bias_types(types, index))
    a.y()
    b.options(padding=padding, stride_h=stride[0], stride_w=stride[1], fused_activation_function=activation(index, types) if bias else 0)
    if types == 'int16' and bias and bias_types(types, index) == 'int32':
        b.options(quantized_bias_type=TYPES['int32'])



def cases(add):
    for types in ('float32', 'int8', 'uint8', 'int16', 'hybrid'):
        for i, case in enumerate(CONVOLUTIONS):
            add('CONV_2D', types, case[0], lambda b: conv(b, types, i, case))
        for i, case in enumerate(DEPTHWISES):
            add('DEPTHWISE_CONV_2D', types, case[0], lambda b: depthwise(b, types, i, case))
        add('DEPTHWISE_CONV_2D', types, 'without bias',
            lambda b: depthwise(b, types, 0, DEPTHWISES[0], bias=False))
        add('CONV_2D', types, 'without bias', lambda b: conv_without_bias(b, types))
        add('CONV_2D', types, 'absent bias', lambda b: (conv_without_bias(b, types), b.absent()))
        add('DEPTHWISE_CONV_2D', types, 'absent bias',
            lambda b: (depthwise(b, types, 0, DEPTHWISES[0], bias=False), b.absent()))
        for i, case in enumerate(TRANSPOSES):
            if types != 'hybrid':
                add('TRANSPOSE_CONV', types, case[0], lambda b: transpose(b, types, i, case, bias=i != 1))
    for i, case in enumerate(CONVOLUTIONS[:3]):
        for bias in ('int32', 'int64'):
            add('CONV_2D', 'int16', f'{case[0]} bias {bias} per tensor',
                lambda b: conv(b, 'int16', i, case, dict(per_channel=False), bias))
    add('CONV_2D', 'int16', 'int32 bias unannounced',
        lambda b: conv(b, 'int16', 0, CONVOLUTIONS[0], dict(per_channel=True), 'int32', quantized_bias_type=0))
    for op, table, build in (('CONV_2D', CONVOLUTIONS, conv), ('DEPTHWISE_CONV_2D', DEPTHWISES, depthwise)):
        for i, case in enumerate(table[:4]):
            plan = dict(per_channel=False, zero=ZEROS[(i + 1) % 4])
            add(op, 'int8', f'{case[0]} per tensor', lambda b: build(b, 'int8', i, case, plan))
            add(op, 'hybrid', f'{case[0]} per tensor',
                lambda b: build(b, 'hybrid', i, case, dict(per_channel=False)))


def conv_without_bias(b, types):
    conv(b, types, 0, CONVOLUTIONS[0])
    b.inputs.pop()
