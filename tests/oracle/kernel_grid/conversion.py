"""QUANTIZE, DEQUANTIZE, CAST, FAKE_QUANT, and float16 weights through DEQUANTIZE."""

import numpy as np

from kernel_grid.core import Graph, Tensor, TYPES

ZEROS = ['some', 'low', 'high', 'some', 'some']
NUMBERS = ['float32', 'int8', 'uint8', 'int16', 'int32', 'int64', 'bool']


def narrow(types):
    return {'int16': 1 / 256, 'int32': 1 / 2 ** 20}.get(types, 1)


def quantize(b, types, index, halves=False):
    scale = 0.5 if halves else b.scale(0.01, 0.05) * narrow(types)
    b.x('float32', (4, 33), low=-9.0, high=9.0, wild=index == 3)
    b.y(types, scale, b.zero(types, ZEROS[index % 5]))
    if halves:
        b.inputs.clear()
        b.x('float32', (200,))
        b.fixed = [[(np.arange(-100, 100) + 0.5) * 0.5]]


def requantize(b, source, target, index):
    s = b.scale(0.01, 0.05) * narrow(source)
    out = s * [0.4, 1.0, 2.7, 0.9, 1.0][index] * (narrow(target) / narrow(source) if target != source else 1)
    info = np.iinfo(source)
    zero = b.zero(source, ZEROS[index])
    if index == 4 and {source, target} == {'int8', 'uint8'}:
        zero = 7 if source == 'int8' else 135
        out, other = s, zero + (128 if source == 'int8' else -128)
    else:
        other = b.zero(target, ZEROS[(index + 2) % 5])
    limit = min(info.max, 2 ** 20)
    b.x(source, (4, 64), s, zero, low=max(info.min, -limit), high=limit)
    b.y(target, np.float32(out), other)


def dequantize(b, types, index, per_channel=False, constant=False):
    shape = (4, 3, 11)
    scale = np.asarray(b.rng.uniform(0.01, 0.05, 11 if per_channel else 1) * narrow(types), np.float32)
    zero = 0 if types == 'int16' or per_channel else b.zero(types, ZEROS[index % 5])
    if constant:
        b.c(types, b.integers(shape, types), scale, zero, axis=2)
    else:
        b.x(types, shape, scale, zero, axis=2)
    b.y('float32')


def from_half(b, constant):
    values = np.concatenate([b.rng.normal(size=20), [0.0, -0.0, 65504, -65504, 6e-8, 1e-5, np.inf, -np.inf]])
    if constant:
        b.c('float16', values)
    else:
        b.x('float16', values.shape, wild=False)
        b.fixed = [[values]]
    b.y('float32')
    b.version = 3


def cast(b, source, target):
    limits = dict(low=-3, high=200) if source.startswith('int') and target not in ('bool',) else dict(low=-1, high=1) if target == 'bool' else {}
    if source == 'uint8':
        limits = {}
    if source == 'float32':
        limits = dict(low=0.0 if target == 'uint8' else -99.0, high=99.0)
    if source == 'bool':
        limits = {}
    b.x(source, (3, 11), **limits)
    b.y(target)
    b.options(in_data_type=TYPES[source], out_data_type=TYPES[target])
    b.version = 3 if 'int8' in (source, target) else 1


def cast_out_of_range(b, target):
    b.x('float32', (8,))
    b.y(target)
    b.fixed = [[[np.nan, np.inf, -np.inf, 3e9, -3e9, 300.7, -300.7, 1e20]]]
    b.options(in_data_type=0, out_data_type=TYPES[target])


def fake_quant(b, low, high, bits, narrow_range):
    b.x('float32', (5, 17), low=low * 1.3 - 0.1, high=high * 1.3 + 0.1)
    b.y('float32')
    b.options(min=low, max=high, num_bits=bits, narrow_range=narrow_range)
    b.version = 2 if narrow_range else 1


def half_weights(b, op, shape, weights, out, options):
    """op with float16 weights and bias, each through a DEQUANTIZE."""
    g = Graph()
    x = Tensor('float32', shape)
    halves = [Tensor('float16', w, data=b.floats(w).astype(np.float16)) for w in (weights, (out,))]
    singles = [Tensor('float32', w) for w in (weights, (out,))]
    y = Tensor('float32')
    ids = [g.tensor(t) for t in (x, *halves, *singles, y)]
    for half, single in zip(ids[1:3], ids[3:5]):
        g.operator('DEQUANTIZE', [half], [single], 3)
    b.inputs = [x, singles[0], singles[1]]
    g.operator(op, [ids[0], ids[3], ids[4]], [ids[5]], 1, **options)
    g.inputs, g.outputs = [ids[0]], [ids[5]]
    b.graph = [g]


def cases(add):
    for types in ('int8', 'uint8', 'int16'):
        for i in range(5):
            add('QUANTIZE', types, f'from float {i}', lambda b: quantize(b, types, i))
            add('DEQUANTIZE', types, str(i), lambda b: dequantize(b, types, i))
        add('QUANTIZE', types, 'exact halves', lambda b: quantize(b, types, 0, True))
        add('DEQUANTIZE', types, 'of a constant', lambda b: dequantize(b, types, 0, constant=True))
        add('DEQUANTIZE', types, 'per channel', lambda b: dequantize(b, types, 0, True))
        add('DEQUANTIZE', types, 'per channel of a constant', lambda b: dequantize(b, types, 0, True, True))
    for source, target in (('int8', 'int8'), ('int8', 'uint8'), ('uint8', 'int8'), ('uint8', 'uint8'),
                           ('int16', 'int16'), ('int16', 'int8'),
                           ('int8', 'int16'), ('int16', 'int32'), ('int32', 'int8'), ('int32', 'int16')):
        for i in range(5):
            add('QUANTIZE', source, f'to {target} {i}', lambda b: requantize(b, source, target, i))
    add('DEQUANTIZE', 'float16', 'of a constant', lambda b: from_half(b, True))
    add('DEQUANTIZE', 'float16', 'fed', lambda b: from_half(b, False))
    for source in NUMBERS:
        for target in NUMBERS:
            add('CAST', source, f'to {target}', lambda b: cast(b, source, target))
    for target in NUMBERS[1:]:
        add('CAST', 'float32', f'to {target} out of range', lambda b: cast_out_of_range(b, target))
    for low, high, bits, narrow_range in ((-1, 1, 8, False), (0, 6, 8, False), (-3.1, 2.7, 8, True),
                                          (-0.3, 5, 16, False), (0.5, 2, 8, False), (-1, 1, 2, False)):
        words = f'{low} to {high} in {bits} bits{" narrow" * narrow_range}'.replace('-', 'minus ')
        add('FAKE_QUANT', 'float32', words, lambda b: fake_quant(b, low, high, bits, narrow_range))
    halves(add)


def halves(add):
    convolution = dict(padding=0, stride_w=1, stride_h=1, dilation_w_factor=1, dilation_h_factor=1)
    for i, activation in enumerate((0, 1, 3)):
        options = dict(fused_activation_function=activation)
        add('CONV_2D', 'float16', f'3x3 {i}', lambda b: half_weights(b, 'CONV_2D', (1, 4, 5, 3 + i),
                                                                     (4, 3, 3, 3 + i), 4, convolution | options))
        add('DEPTHWISE_CONV_2D', 'float16', f'3x3 {i}',
            lambda b: half_weights(b, 'DEPTHWISE_CONV_2D', (1, 4, 5, 3),
                                   (1, 3, 3, 3 * (1 + i)), 3 * (1 + i), convolution | options | dict(depth_multiplier=1 + i)))
        add('FULLY_CONNECTED', 'float16', f'{i}', lambda b: half_weights(b, 'FULLY_CONNECTED', (2, 9 + i),
                                                                         (5, 9 + i), 5, options))
