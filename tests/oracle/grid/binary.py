"""Element-wise arithmetic of two tensors, with every kind of broadcasting and operand."""

import tensorflow as tf

from .core import dims

PAIRS = [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 3), ()), ((), (2, 3)), ((1, 2, 3, 2), (2,)), ((2, 1), (1, 3)),
         ((3,), (2, 1, 3)), ((2, 3, 1, 2), (3, 4, 1)), ((1, 2, 1, 3, 2), (2, 3, 1)), ((1,), (2, 2)), ((), ())]
FLOAT = {
    'Add': None, 'AddV2': None, 'Sub': None, 'Mul': None, 'RealDiv': 'away', 'Div': 'away', 'Maximum': None,
    'Minimum': None, 'SquaredDifference': None, 'Pow': 'positive', 'FloorDiv': 'away', 'FloorMod': 'away',
    'TruncateDiv': 'away', 'DivNoNan': 'zeros', 'MulNoNan': 'zeros', 'Xdivy': 'positive', 'Xlogy': 'positive',
    'Xlog1py': 'positive', 'Atan2': None, 'Mod': 'away',
}
FEW = ('TruncateDiv', 'DivNoNan', 'MulNoNan', 'Xdivy', 'Xlogy', 'Xlog1py', 'Atan2', 'Mod', 'Div')
INTEGER = {
    'Add': ['int32', 'int64', 'uint8', 'int8', 'int16', 'float64', 'half'], 'AddV2': ['int32', 'int64', 'uint8', 'int16',
                                                                                      'float64', 'half'],
    'Sub': ['int32', 'int64', 'uint8', 'int8', 'int16', 'float64', 'half'],
    'Mul': ['int32', 'int64', 'uint8', 'int8', 'int16', 'float64', 'complex64'],
    'Maximum': ['int32', 'int64', 'uint8', 'int8', 'int16', 'float64'],
    'Minimum': ['int32', 'int64', 'uint8', 'int8', 'int16', 'float64'], 'SquaredDifference': ['int32', 'int64', 'float64'],
    'Pow': ['int32', 'int64', 'float64'], 'RealDiv': ['float64', 'half'],
}


def span(kind):
    """(low, high) of the second operand."""
    return {'positive': (0.3, 3), 'away': (0.4, 3)}.get(kind, (None, None))


def operand(b, kind, shape, first):
    if kind == 'zeros' and not first:
        return b.rng.integers(-1, 2, shape).astype('float32')
    low, high = span(kind) if not first or kind == 'positive' else (None, None)
    return b.data(shape, 'float32', low, high)


def cases(add):
    for op, kind in FLOAT.items():
        pairs = PAIRS[:4] if op in FEW else PAIRS
        for left, right in pairs:
            words = f'{dims(left)} and {dims(right)}'
            add(op, words, lambda b: b.op(op, x=b.x(left, data=operand(b, kind, left, True)),
                                          y=b.x(right, data=operand(b, kind, right, False))))
            if op not in FEW or left == (2, 3):
                add(op, f'{words} right constant', lambda b: b.op(
                    op, x=b.x(left, data=operand(b, kind, left, True)), y=tf.constant(operand(b, kind, right, False))))
                add(op, f'{words} left constant', lambda b: b.op(
                    op, x=tf.constant(operand(b, kind, left, True)), y=b.x(right, data=operand(b, kind, right, False))))
        add(op, 'with itself', lambda b: (lambda x: b.op(op, x=x, y=x))(b.x((2, 3), low=0.5, high=2)))
        add(op, 'of nothing', lambda b: b.op(op, x=b.x((0, 3)), y=b.x((3,), low=0.5, high=2)))
        add(op, 'of an unknown batch', lambda b: b.op(
            op, x=b.x((None, 3), low=0.5, high=2), y=b.x((None, 3), low=0.5, high=2)))
    for op, dtypes in INTEGER.items():
        for dtype in dtypes:
            low, high = (0, 4) if op in ('Pow', 'RealDiv') else (None, None)
            low = 0.5 if op == 'RealDiv' else low
            add(op, f'{dtype} 2x3 and 2x3', lambda b: b.op(op, x=b.x((2, 3), dtype, low, high),
                                                          y=b.x((2, 3), dtype, low, high)))
            add(op, f'{dtype} 2x3 and scalar constant', lambda b: b.op(op, x=b.x((2, 3), dtype, low, high),
                                                                      y=b.c((), dtype, low, high)))
            add(op, f'{dtype} 2x1x3 and 4x1', lambda b: b.op(op, x=b.x((2, 1, 3), dtype, low, high),
                                                            y=b.x((4, 1), dtype, low, high)))
    for exponent in (0., 1., 2., 3., 0.5, -1., -0.5):
        word = f'minus {-exponent}' if exponent < 0 else str(exponent)
        add('Pow', f'to the constant {word}', lambda b: b.op('Pow', x=b.x((2, 3), low=0.3, high=3), y=exponent))
    add('Pow', 'of negatives to 2', lambda b: b.op('Pow', x=b.x((2, 3)), y=2.))
    add('Pow', 'of negatives to 3', lambda b: b.op('Pow', x=b.x((2, 3)), y=3.))
    add('AddV2', 'overflowing int32', lambda b: b.op('AddV2', x=b.x((2,), 'int32', data=[2**31 - 1, -2**31]),
                                                    y=tf.constant([1, -1])))
    add('Mul', 'overflowing int8', lambda b: b.op('Mul', x=b.x((3,), 'int8', data=[100, -100, 11]),
                                                 y=b.x((3,), 'int8', data=[3, 3, 12])))
    add('Sub', 'below zero in uint8', lambda b: b.op('Sub', x=b.x((3,), 'uint8', data=[1, 2, 3]),
                                                    y=b.x((3,), 'uint8', data=[2, 2, 9])))
    for op in ('Maximum', 'Minimum'):
        add(op, 'with nan', lambda b: b.op(op, x=b.x((4,), data=[float('nan'), 1, float('nan'), 2]),
                                          y=b.x((4,), data=[1, float('nan'), float('nan'), 3])))
    for count in (1, 2, 3, 5):
        for dtype in ('float32', 'int32'):
            add('AddN', f'{count} {dtype}', lambda b: b.op('AddN', inputs=[b.x((2, 3), dtype) for _ in range(count)]))
    add('AddN', 'of constants and x', lambda b: b.op('AddN', inputs=[b.c((2, 3)), b.x((2, 3)), b.c((2, 3))]))
    add('AddN', 'int64', lambda b: b.op('AddN', inputs=[b.x((2, 3), 'int64'), b.x((2, 3), 'int64')]))
    add('AddN', 'x three times', lambda b: (lambda x: b.op('AddN', inputs=[x, x, x]))(b.x((2, 3))))
    add('AddN', 'of an unknown batch', lambda b: b.op('AddN', inputs=[b.x((None, 3)), b.x((None, 3)), b.x((None, 3))]))
    for shape in [(2, 3), (1, 2, 3, 4), (2, 3, 4), (2, 2, 2, 2, 3)]:
        add('BiasAdd', f'{dims(shape)}', lambda b: b.op('BiasAdd', value=b.x(shape), bias=b.c((shape[-1],))))
        add('BiasAdd', f'{dims(shape)} both inputs', lambda b: b.op('BiasAdd', value=b.x(shape), bias=b.x((shape[-1],))))
        if len(shape) > 2:
            add('BiasAdd', f'NCHW {dims(shape)}', lambda b: b.op(
                'BiasAdd', value=b.x(shape), bias=b.c((shape[1],)), data_format='NCHW'))
    add('BiasAdd', 'of int32', lambda b: b.op('BiasAdd', value=b.x((2, 3), 'int32'), bias=b.c((3,), 'int32')))
    add('BiasAdd', 'then relu', lambda b: tf.nn.relu(b.op('BiasAdd', value=b.x((2, 3)), bias=b.c((3,)))))
