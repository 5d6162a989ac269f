"""Activations and other operators of one operand."""

import numpy as np

QUANTIZED = ('int8', 'uint8', 'int16')
ZEROS = ['some', 'low', 'high', 'some', 'some']
SHAPES = [('of rank 4', (2, 3, 4, 3)), ('of rank 2', (3, 17)), ('of rank 1', (33,)), ('of rank 3', (2, 5, 7)),
          ('of a scalar', ()),
          ('of rank 5', (1, 2, 1, 3, 5)), ('of nothing', (2, 0))]
FLOAT_DOMAINS = {'LOG': (0.01, 9), 'SQRT': (0, 9), 'RSQRT': (0.01, 9), 'EXP': (-9, 4), 'LOGISTIC': (-9, 9), 'TANH': (-5, 5),
                 'SIN': (-7, 7), 'COS': (-7, 7), 'RELU6': (-3, 9)}
REAL_ONLY = ['SIN', 'COS', 'SQUARE', 'FLOOR', 'CEIL', 'ROUND', 'ELU']


def real(b, case, op, wild, types='float32'):
    low, high = FLOAT_DOMAINS.get(op, (-3, 3))
    b.x(types, case[1], low=low, high=high, wild=wild)
    b.y(types)


def every_value(b, types, *parameters):
    """All 256 values of an 8-bit type, or a run through those of int16, in one feed."""
    info = np.iinfo(types)
    step = 1 if types != 'int16' else 211
    b.x(types, (256,) if types != 'int16' else (len(range(info.min, info.max + 1, step)),), *parameters)
    b.fixed = [[np.arange(info.min, info.max + 1, step)]]


def scales(b, types, index):
    narrow = 1 if types != 'int16' else 1 / 256
    return b.scale(0.01, 0.09) * narrow, b.zero(types, ZEROS[index % 5])


def rescaled(b, types, index, case, out=None):
    """An operand and a result with parameters of their own, or with fixed ones."""
    parameters = scales(b, types, index)
    if case is None:
        every_value(b, types, *parameters)
    else:
        b.x(types, case[1], *parameters)
    b.y(types, *(out or (np.float32(parameters[0] * [0.7, 1.3, 0.31, 1, 2.9][index % 5]), b.zero(types, ZEROS[(index + 2) % 5]))))


def fixed_output(types, name):
    table = {'LOGISTIC': {'int8': (1 / 256, -128), 'uint8': (1 / 256, 0), 'int16': (1 / 32768, 0)},
             'TANH': {'int8': (1 / 128, 0), 'uint8': (1 / 128, 128), 'int16': (1 / 32768, 0)},
             'SOFTMAX': {'int8': (1 / 256, -128), 'uint8': (1 / 256, 0), 'int16': (1 / 32768, 0)},
             'LOG_SOFTMAX': {'int8': (16 / 256, 127), 'uint8': (16 / 256, 255)},
             'L2_NORMALIZATION': {'int8': (1 / 128, 0), 'uint8': (1 / 128, 128)}}
    return table[name][types]


def softmax(b, types, index, case, beta=None):
    if types == 'float32':
        b.x(types, case[1], low=-6, high=6)
        b.y(types)
    else:
        scale = b.scale(0.02, 0.3) / (256 if types == 'int16' else 1)
        b.x(types, case[1], scale, b.zero(types, ZEROS[index % 5]))
        b.y(types, *fixed_output(types, b.op))
    if beta is not None:
        b.options(beta=beta)


def power_of_two(b, types, shift, op):
    every_value(b, types, 2.0 ** shift)
    b.y(types, *fixed_output(types, op))


def leaky(b, types, index, case, alpha):
    if types == 'float32':
        real(b, case, 'LEAKY_RELU', True)
    else:
        rescaled(b, types, index, case)
    b.options(alpha=alpha)


def prelu(b, types, index, case, alpha_shape):
    if types == 'float32':
        b.x(types, case[1])
        b.c(types, b.floats(alpha_shape))
        b.y(types)
    else:
        s, z = scales(b, types, index)
        b.x(types, case[1], s, z)
        b.c(types, b.integers(alpha_shape, types), b.scale(), b.zero(types, ZEROS[(index + 1) % 5]))
        b.y(types, np.float32(s * [0.8, 1.7][index % 2]), b.zero(types, ZEROS[(index + 2) % 5]))


def non_negative(b, types, index, out_scale=0.04):
    """RSQRT and SQRT refuse what is negative."""
    zero = [-128, -7, -128, 30][index % 4] if types == 'int8' else 0
    b.x(types, (4, 31), b.scale(0.02, 0.09) / (1 if types == 'int8' else 256), zero, low=zero + (index % 2))
    b.y(types, np.float32(out_scale * (1 + index) / (1 if types == 'int8' else 64)), -128 if types == 'int8' else 0)


def hard_swish(b, types, index, case):
    s, z = scales(b, types, index)
    if case is None:
        every_value(b, types, s, z)
    else:
        b.x(types, case[1], s, z)
    b.y(types, np.float32(s * [0.6, 1.0, 1.6, 0.9, 3.1][index % 5]), b.zero(types, ZEROS[(index + 2) % 5]))


def cases(add):
    for op in REAL_ONLY:
        for i, case in enumerate(SHAPES):
            add(op, 'float32', case[0], lambda b: real(b, case, op, i % 2 == 0))
    for op in ('RELU', 'RELU6', 'RELU_N1_TO_1', 'RELU_0_TO_1', 'LOGISTIC', 'TANH', 'GELU', 'HARD_SWISH', 'EXP', 'LOG', 'SQRT', 'RSQRT',
               'ABS', 'NEG', 'SIGN', 'ZEROS_LIKE'):
        for i, case in enumerate(SHAPES):
            add(op, 'float32', case[0], lambda b: real(b, case, op, i % 2 == 0))
    for case in SHAPES[:3]:
        add('GELU', 'float32', f'{case[0]} approximate',
            lambda b: (real(b, case, 'GELU', True), b.options(approximate=True)))
    rescaling(add)
    tables(add)
    softmaxes(add)
    for types in ('int32', 'int64'):
        for op in ('ABS', 'NEG', 'SIGN', 'SQUARE', 'ZEROS_LIKE'):
            for case in SHAPES[:4]:
                add(op, types, case[0], lambda b: (b.x(types, case[1]), b.y(types)))
    for case in SHAPES:
        add('LOGICAL_NOT', 'bool', case[0], lambda b: (b.x('bool', case[1]), b.y('bool')))


def rescaling(add):
    for types in ('int8', 'uint8', 'int16'):
        for op in ('RELU', 'RELU6', 'RELU_N1_TO_1', 'RELU_0_TO_1', 'ABS', 'NEG'):
            if types == 'uint8' and op in ('ABS', 'NEG'):
                continue
            for i, case in enumerate(SHAPES[:5] + [('of every value', None)]):
                add(op, types, case[0] if case[1] is not None else 'of every value',
                    lambda b: rescaled(b, types, i, None if case[1] is None else case))
        for i, alpha in enumerate((0.2, 0.01, 1.5, -0.3, 0.0, 1.0)):
            case = SHAPES[i % 4]
            add('LEAKY_RELU', types, f'{case[0]} alpha {alpha}', lambda b: leaky(b, types, i, case, alpha))
            add('LEAKY_RELU', types, f'every value alpha {alpha}',
                lambda b: leaky(b, types, i + 1, None, alpha))
        for i in range(6):
            if types != 'int16':
                case = [SHAPES[1], None][i % 2]
                add('HARD_SWISH', types, f'{i} {case[0] if case else "of every value"}',
                    lambda b: hard_swish(b, types, i, case))
    for types in ('float32', 'int8', 'uint8'):
        for i, alpha in enumerate(((3,), (1, 1, 3), (3, 4, 3), (1,), (3, 1, 1), (2, 3, 4, 3))):
            add('PRELU', types, f'alpha {"x".join(map(str, alpha))}',
                lambda b: prelu(b, types, i, SHAPES[0], alpha))
    for i, alpha in enumerate((0.2, 0.01, 1.5, -0.3, 0.0)):
        add('LEAKY_RELU', 'float32', f'alpha {alpha}', lambda b: leaky(b, 'float32', i, SHAPES[i % 4], alpha))


def tables(add):
    for types in ('int8', 'uint8', 'int16'):
        for i in range(6):
            case = SHAPES[i % 4] if i % 2 else None
            words = f'{i} {case[0] if case else "of every value"}'
            for op in ('LOGISTIC', 'TANH'):
                add(op, types, words, lambda b: rescaled(b, types, i, case, fixed_output(types, op)))
            if types != 'uint8':
                for op in ('EXP', 'LOG'):
                    add(op, types, words,
                        lambda b: rescaled(b, types, i, case, (np.float32(0.03 if types == 'int8' else 0.0003),
                                                                                 -128 if types == 'int8' else 0)))
                for op in ('RSQRT', 'SQRT'):
                    add(op, types, str(i), lambda b: non_negative(b, types, i))
            if types != 'int16':
                out = (np.float32(0.016), -100 if types == 'int8' else 28)
                add('GELU', types, words,
                    lambda b: (rescaled(b, types, i, case, out), b.options(approximate=i % 3 == 0)))
        add('TANH', types, 'with another output scale',
            lambda b: rescaled(b, types, 0, None, (0.01 if types != 'int16' else 0.0001, 0)))
        add('LOGISTIC', types, 'with another output scale',
            lambda b: rescaled(b, types, 0, None, (0.01 if types != 'int16' else 0.0001, 0)))
    for op in ('LOGISTIC', 'TANH'):
        for shift in (-10, -11, -12, -13, -15):
            add(op, 'int16', f'scale 2^{shift}', lambda b: power_of_two(b, 'int16', shift, op))
    add('RSQRT', 'int8', 'of negative values', lambda b: rescaled(b, 'int8', 0, None))
    add('ELU', 'int8', 'of every value', lambda b: rescaled(b, 'int8', 0, None))


def softmaxes(add):
    for i, case in enumerate(SHAPES[:4] + [('of one class', (5, 1)), ('of 100 classes', (1, 100)), SHAPES[5], ('of many rows', (4096, 4))]):
        for types in ('float32', 'int8', 'uint8', 'int16'):
            for beta in (1.0, 0.37) if i < 3 else (1.0, ):
                add('SOFTMAX', types, f'{case[0]} beta {beta}', lambda b: softmax(b, types, i, case, beta))
            if types != 'int16':
                add('LOG_SOFTMAX', types, case[0], lambda b: softmax(b, types, i, case))
                add('L2_NORMALIZATION', types, case[0], lambda b: softmax(b, types, i, case))
