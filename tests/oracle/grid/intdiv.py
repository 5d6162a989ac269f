"""Division and remainders, with negative operands of every sign."""

import numpy as np
import tensorflow as tf

LEFT = [7, -7, 7, -7, 6, -6, 1, -1, 0, 0, 8, -9]
RIGHT = [2, 2, -2, -2, 3, 3, -5, 5, 4, -4, 3, 4]
OPS = ['Div', 'FloorDiv', 'FloorMod', 'TruncateDiv', 'TruncateMod', 'Mod', 'RealDiv']


def cases(add):
    for op in OPS:
        for dtype in ('int32', 'int64', 'int8', 'int16', 'uint8', 'float32', 'float64'):
            if op == 'RealDiv' and not dtype.startswith('float'):
                continue
            if op in ('Mod', 'FloorMod', 'TruncateMod') and dtype in ('int8', 'int16', 'uint8') and op != 'FloorMod':
                continue
            left, right = np.array(LEFT), np.array(RIGHT)
            if dtype == 'uint8':
                left, right = abs(left), abs(right)
            add(op, f'{dtype} of all signs', lambda b: b.op(op, x=b.x((12,), dtype, data=left),
                                                           y=b.x((12,), dtype, data=right)))
            if dtype in ('int8', 'int16'):
                continue
            for divisor in (3, -3, 1, 4):
                if divisor < 0 and dtype == 'uint8':
                    continue
                word = f'minus {-divisor}' if divisor < 0 else str(divisor)
                add(op, f'{dtype} by the constant {word}', lambda b: b.op(
                    op, x=b.x((12,), dtype, data=left), y=tf.constant(divisor, dtype)))
            add(op, f'{dtype} constants and x', lambda b: b.op(
                op, x=tf.constant(left, dtype), y=b.x((12,), dtype, data=right)))
            add(op, f'{dtype} broadcasting', lambda b: b.op(
                op, x=b.x((3, 1), dtype, data=left[:3, None]), y=b.x((4,), dtype, data=right[2:6])))
            add(op, f'{dtype} folded', lambda b: b.op(op, x=tf.constant(left, dtype), y=tf.constant(right, dtype))
                + b.x((12,), dtype))
    for op in ('FloorDiv', 'FloorMod', 'TruncateDiv'):
        add(op, 'float fractions', lambda b: b.op(
            op, x=b.x((6,), data=[1.5, -1.5, 7.25, -7.25, 0.3, -0.3]), y=b.x((6,), data=[0.4, 0.4, -2.5, -2.5, 0.1, 0.7])))
    add('FloorMod', 'float by infinity and zero', lambda b: b.op(
        'FloorMod', x=b.x((4,), data=[1., -1., 0., -0.]), y=b.x((4,), data=[np.inf, np.inf, 2., 2.])))
    add('RealDiv', 'by zero', lambda b: b.op('RealDiv', x=b.x((3,), data=[1., -1., 0.]), y=b.x((3,), data=[0., 0., 0.])))
    add('DivNoNan', 'by zero', lambda b: b.op('DivNoNan', x=b.x((3,), data=[1., -1., 0.]), y=b.x((3,), data=[0., 2., 0.])))
    add('MulNoNan', 'zero times infinity', lambda b: b.op(
        'MulNoNan', x=b.x((3,), data=[np.inf, np.nan, 2.]), y=b.x((3,), data=[0., 0., 3.])))
    for op in ('Xdivy', 'Xlogy', 'Xlog1py'):
        add(op, 'zero first', lambda b: b.op(op, x=b.x((4,), data=[0., 0., 1., 2.]), y=b.x((4,), data=[0., 3., 2., 5.])))
