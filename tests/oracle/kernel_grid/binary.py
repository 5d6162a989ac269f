"""Operators of two operands, element by element."""

import numpy as np

from kernel_grid.affine import activation

QUANTIZED = ('int8', 'uint8', 'int16')
ZEROS = ['some', 'low', 'high', 'some', 'some']
SHAPES = [  # words, x, y
    ('same of rank 4', (2, 3, 4, 3), (2, 3, 4, 3)),
    ('by a row', (3, 9), (9,)),
    ('by a scalar', (2, 17), ()),
    ('a scalar first', (), (3, 5)),
    ('both ways', (3, 1, 5), (1, 4, 1)),
    ('same of rank 1', (33,), (33,)),
    ('by a column', (2, 3, 4), (2, 3, 1)),
    ('one element first', (1, 1, 1, 1), (1, 2, 3, 5)),
    ('of rank 5', (2, 1, 3, 1, 2), (1, 2, 1, 2, 2)),
    ('of rank 6', (1, 2, 1, 3, 1, 2), (2, 1, 2, 1, 2, 1)),
    ('empty', (0, 3), (1, 3)),
]
COMPARISONS = ['EQUAL', 'NOT_EQUAL', 'LESS', 'LESS_EQUAL', 'GREATER', 'GREATER_EQUAL']


def plain(b, types, case, low=None, high=None, wild=False, out=None, positive=False):
    """Operands without quantisation; a divisor is positive and not zero where that is wanted."""
    b.x(types, case[1], low=low, high=high, wild=wild)
    b.x(types, case[2], low=1 if positive else low, high=high, wild=wild and not positive)
    b.y(out or types)


def arithmetic(b, types, index, case, fused=True, large_multiplier=False):
    """ADD, SUB, MUL, DIV, SQUARED_DIFFERENCE with scales that differ."""
    if types not in QUANTIZED:
        plain(b, types, case, wild=types == 'float32' and index == 5)
    else:
        wide = 1 if types != 'int16' else 1 / 256
        s1, s2 = b.scale() * wide, b.scale() * wide
        span = 256 * (256 if types == 'int16' else 1)
        out = {'MUL': s1 * s2 * span / 3, 'SQUARED_DIFFERENCE': (s1 + s2) ** 2 * span / 4}.get(b.op, (s1 + s2) * 0.7)
        if large_multiplier:
            out = {'MUL': s1 * s2 * 0.4}.get(b.op, max(s1, s2) * 0.3)
        b.x(types, case[1], s1, b.zero(types, ZEROS[index % 5]))
        b.x(types, case[2], s2, b.zero(types, ZEROS[(index + 1) % 5]))
        b.y(types, np.float32(out), b.zero(types, ZEROS[(index + 2) % 5]))
    if fused:
        b.options(fused_activation_function=activation(index, types))
    if b.op in ('ADD', 'SUB'):
        b.options(pot_scale_int16=False)


def power_of_two(b, index, case):
    """int16 ADD and SUB whose scales are powers of two."""
    shifts = [(-12, -12, -12), (-12, -14, -12), (-13, -11, -11), (-12, -12, -11)][index]
    for shape, shift in zip(case[1:], shifts):
        b.x('int16', shape, 2.0 ** shift)
    b.y('int16', 2.0 ** shifts[2])
    b.options(pot_scale_int16=True, fused_activation_function=activation(index, 'int16'))


def same_parameters(b, types, index, case, out=None):
    """MAXIMUM and MINIMUM: nothing is rescaled."""
    if types not in QUANTIZED:
        return plain(b, types, case, wild=types == 'float32', out=out)
    parameters = (b.scale() / (256 if types == 'int16' else 1), b.zero(types, ZEROS[index % 5]))
    b.x(types, case[1], *parameters)
    b.x(types, case[2], *parameters)
    b.y(types, *parameters)


def comparison(b, types, index, case):
    if types not in ('int8', 'uint8', 'int16'):
        return plain(b, types, case, wild=types == 'float32', out='bool', low=-3 if types[0] == 'i' else None, high=3 if types[0] == 'i' else None)
    s1 = b.scale()
    s2 = s1 if index % 3 == 0 else b.scale()
    b.x(types, case[1], s1, b.zero(types, ZEROS[index % 5]))
    b.x(types, case[2], s2, b.zero(types, ZEROS[(index + (index % 3 > 0)) % 5]))
    b.y('bool')


def division(b, types, index, case):
    signed_divisor = index % 2 == 1
    b.x(types, case[1], low=-100, high=100)
    divisor = np.where(b.rng.random(case[2]) < (0.5 if signed_divisor else 0), -1, 1) * b.rng.integers(1, 8, case[2])
    b.c(types, divisor)
    b.y(types)


def division_by_feed(b, types, case, low):
    b.x(types, case[1])
    b.x(types, case[2], low=low, high=9)
    b.y(types)


def add_n(b, types, count):
    for _ in range(count):
        b.x(types, (2, 3, 4))
    b.y(types)


def shift(b, types, case):
    limits = np.iinfo(types)
    b.x(types, case[1], low=limits.min, high=limits.max)
    b.x(types, case[2], low=0, high=limits.bits + 2)
    b.y(types)


def bits(b, types, case):
    bounds = {} if types == 'bool' else dict(low=np.iinfo(types).min, high=np.iinfo(types).max)
    b.x(types, case[1], **bounds)
    b.x(types, case[2], **bounds)
    b.y(types)


def power(b, types, case, exponent):
    b.x(types, case[1], low=0 if types == 'float32' and exponent else -4, high=4)
    b.x(types, case[2], low=-2 if exponent == 'negative' else 0, high=3)
    b.y(types)


def cases(add):
    arithmetic_cases(add)
    for op in ('MAXIMUM', 'MINIMUM'):
        for types in ('float32', 'int8', 'uint8', 'int16', 'int32', 'int64'):
            for i, case in enumerate(SHAPES[:7] + SHAPES[8:9]):
                add(op, types, case[0], lambda b: same_parameters(b, types, i, case))
    for op in COMPARISONS:
        for types in ('float32', 'int8', 'uint8', 'int16', 'int32', 'int64') + (('bool',) if 'EQUAL' in op and len(op) < 10 else ()):
            for i, case in enumerate(SHAPES[:7]):
                add(op, types, case[0], lambda b: comparison(b, types, i, case))
    for op in ('LOGICAL_AND', 'LOGICAL_OR'):
        for case in SHAPES[:7] + SHAPES[10:]:
            add(op, 'bool', case[0], lambda b: plain(b, 'bool', case))
    whole_numbers(add)


def arithmetic_cases(add):
    for op in ('ADD', 'SUB', 'MUL', 'DIV', 'SQUARED_DIFFERENCE'):
        kinds = {'ADD': ('int8', 'uint8', 'int16', 'int32', 'int64'), 'SUB': ('int8', 'uint8', 'int16', 'int32', 'int64'),
                 'MUL': ('int8', 'uint8', 'int16', 'int32', 'int64'), 'DIV': (), 'SQUARED_DIFFERENCE': ('int8', 'int32')}[op]
        fused = op != 'SQUARED_DIFFERENCE'
        for types in ('float32',) + kinds:
            for i, case in enumerate(SHAPES):
                add(op, types, case[0], lambda b: arithmetic(b, types, i, case, fused))
            if types in QUANTIZED:
                for i, case in enumerate(SHAPES[:2]):
                    add(op, types, f'{case[0]} multiplier above 1',
                        lambda b: arithmetic(b, types, 3 * i, case, fused, True))
        for i, case in enumerate(SHAPES[:4]):
            if op in ('ADD', 'SUB'):
                add(op, 'int16', f'{case[0]} powers of two', lambda b: power_of_two(b, i, case))
    for i, case in enumerate(SHAPES[:7]):
        add('DIV', 'uint8', case[0], lambda b: quantized_division(b, 'uint8', i, case))
        add('DIV', 'int8', case[0], lambda b: quantized_division(b, 'int8', i, case))
        add('DIV', 'int32', case[0], lambda b: division(b, 'int32', i, case))
    add('DIV', 'int32', 'by what may be zero', lambda b: division_by_feed(b, 'int32', SHAPES[1], 0))


def quantized_division(b, types, index, case):
    """The divisor's zero point is below what it holds, so that it never is zero."""
    low = np.iinfo(types).min
    b.x(types, case[1], b.scale(), b.zero(types, ZEROS[index % 5]))
    b.x(types, case[2], b.scale(), low + 20, low=low + 21 + 30 * (index % 2))
    b.y(types, b.scale(0.01, 0.2), b.zero(types, ZEROS[(index + 2) % 5]))


def whole_numbers(add):
    for op in ('FLOOR_DIV', 'FLOOR_MOD'):
        for types in ('float32', 'int8', 'int16', 'int32') + (('int64',) if op == 'FLOOR_MOD' else ()):
            for i, case in enumerate(SHAPES[:6]):
                if types == 'float32':
                    add(op, types, case[0], lambda b: plain(b, types, case, positive=i % 2 == 0))
                else:
                    add(op, types, case[0], lambda b: division(b, types, i, case))
            add(op, types, 'by what may be zero', lambda b: division_by_feed(b, types, SHAPES[1], 0))
    for i, case in enumerate(SHAPES[:6]):
        add('POW', 'float32', case[0], lambda b: power(b, 'float32', case, 'positive' if i % 2 else ''))
        add('POW', 'int32', case[0], lambda b: power(b, 'int32', case, 'positive'))
        add('ATAN2', 'float32', case[0], lambda b: plain(b, 'float32', case, wild=i % 2 == 1))
        for types in ('int8', 'uint8', 'int16', 'int32'):
            add('RIGHT_SHIFT', types, case[0], lambda b: shift(b, types, case))
        for types in ('bool', 'int8', 'uint8', 'int16', 'int32'):
            add('BITWISE_XOR', types, case[0], lambda b: bits(b, types, case))
    add('POW', 'int32', 'negative exponent', lambda b: power(b, 'int32', SHAPES[1], 'negative'))
    for types in ('float32', 'int32'):
        for count in (2, 3, 5):
            add('ADD_N', types, f'of {count}', lambda b: add_n(b, types, count))
