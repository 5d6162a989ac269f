"""Comparisons, logic, bits and selection."""

import tensorflow as tf

from .core import dims

OPS = ['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual']
PAIRS = [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 3), ()), ((), (2, 3)), ((2, 1, 3), (4, 1)), ((1, 2, 2, 3, 1), (2, 1, 4))]
NAN = float('nan')


def cases(add):
    for op in OPS:
        for left, right in PAIRS:
            add(op, f'{dims(left)} and {dims(right)}', lambda b: b.op(
                op, x=b.x(left, data=b.rng.integers(-1, 2, left)), y=b.x(right, data=b.rng.integers(-1, 2, right))))
        for dtype in ('int32', 'int64', 'uint8', 'int8', 'int16', 'float64', 'half'):
            add(op, dtype, lambda b: b.op(op, x=b.x((2, 4), dtype, 0, 3), y=b.x((2, 4), dtype, 0, 3)))
        add(op, 'with a constant', lambda b: b.op(op, x=b.x((2, 3)), y=0.))
        add(op, 'constant first', lambda b: b.op(op, x=0., y=b.x((2, 3))))
        add(op, 'with nan', lambda b: b.op(op, x=b.x((4,), data=[NAN, 1, NAN, 2]), y=b.x((4,), data=[1, NAN, NAN, 2])))
        add(op, 'of an unknown batch', lambda b: b.op(op, x=b.x((None, 3)), y=b.x((1, 3))))
    for op in ('Equal', 'NotEqual'):
        add(op, 'bool', lambda b: b.op(op, x=b.x((2, 4), 'bool'), y=b.x((2, 4), 'bool')))
    for op in ('LogicalAnd', 'LogicalOr'):
        for left, right in PAIRS:
            add(op, f'{dims(left)} and {dims(right)}', lambda b: b.op(op, x=b.x(left, 'bool'), y=b.x(right, 'bool')))
        add(op, 'with true', lambda b: b.op(op, x=b.x((2, 3), 'bool'), y=True))
        add(op, 'of comparisons', lambda b: (lambda x: b.op(op, x=x > 0., y=x < 1.))(b.x((3, 4))))
    add('LogicalNot', 'of a comparison', lambda b: b.op('LogicalNot', x=b.x((3, 4)) > 0.))
    add('LogicalNot', 'twice', lambda b: b.op('LogicalNot', x=b.op('LogicalNot', x=b.x((3,), 'bool'))))
    for dtype in ('int32', 'int8', 'uint8', 'int16', 'int64'):
        add('BitwiseXor', dtype, lambda b: b.op('BitwiseXor', x=b.x((2, 4), dtype), y=b.x((2, 4), dtype)))
        add('RightShift', dtype, lambda b: b.op('RightShift', x=b.x((2, 4), dtype, None, 100), y=b.x((2, 4), dtype, 0, 4)))
    add('BitwiseXor', '2x3 and 3', lambda b: b.op('BitwiseXor', x=b.x((2, 3), 'int32'), y=b.x((3,), 'int32')))
    select(add)


def select(add):
    for dtype in ('float32', 'int32', 'int64', 'bool', 'uint8', 'int8', 'int16', 'float64'):
        add('Select', f'{dtype} same shapes', lambda b: b.op(
            'Select', condition=b.x((2, 3), 'bool'), x=b.x((2, 3), dtype), y=b.x((2, 3), dtype)))
        add('SelectV2', f'{dtype} same shapes', lambda b: b.op(
            'SelectV2', condition=b.x((2, 3), 'bool'), t=b.x((2, 3), dtype), e=b.x((2, 3), dtype)))
    for shape in [(4,), (4, 3), (4, 2, 3), (4, 1, 2, 3)]:
        add('Select', f'rows of {dims(shape)}', lambda b: b.op(
            'Select', condition=b.x((4,), 'bool'), x=b.x(shape), y=b.x(shape)))
        add('Select', f'scalar condition of {dims(shape)}', lambda b: b.op(
            'Select', condition=b.x((), 'bool'), x=b.x(shape), y=b.x(shape)))
        add('Select', f'rows of {dims(shape)} constant', lambda b: b.op(
            'Select', condition=b.x((4,), 'bool'), x=b.x(shape), y=b.c(shape)))
    for condition, then, other in [((2, 3), (), ()), ((3,), (2, 3), ()), ((2, 1), (1, 3), (2, 3)), ((), (2, 3), (3,)),
                                   ((2, 1, 1), (3, 1), (4,)), ((4,), (4, 4), (4, 4)), ((), (), ()),
                                   ((1, 2, 1, 2), (2, 1, 1), (1, 2, 3, 2))]:
        words = f'{dims(condition)} {dims(then)} {dims(other)}'
        add('SelectV2', words, lambda b: b.op(
            'SelectV2', condition=b.x(condition, 'bool'), t=b.x(then), e=b.x(other)))
        add('SelectV2', f'{words} constants', lambda b: b.op(
            'SelectV2', condition=b.x(condition, 'bool'), t=b.c(then), e=b.c(other)))
    for value in (True, False):
        add('Select', f'condition always {value}', lambda b: b.op(
            'Select', condition=tf.constant([value, value]), x=b.x((2, 3)), y=b.x((2, 3))))
        add('SelectV2', f'condition always {value} broadcasting', lambda b: b.op(
            'SelectV2', condition=tf.constant(value), t=b.x((2, 1)), e=b.x((2, 3))))
    add('SelectV2', 'of an unknown batch', lambda b: b.op(
        'SelectV2', condition=b.x((None, 3)) > 0., t=b.x((None, 3)), e=0.))
    add('SelectV2', 'guarding a nan', lambda b: (lambda x: tf.where(x > 0., tf.math.log(x), tf.zeros_like(x)))(b.x((3, 4))))
