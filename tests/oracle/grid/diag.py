"""Diagonals and parts of matrices."""

import tensorflow as tf

from .core import dims


def cases(add):
    for shape in [(3,), (2, 3), (2, 2, 3), (1, 2, 2, 3)]:
        for op in ('MatrixDiag', 'MatrixDiagV2', 'MatrixDiagV3'):
            if op == 'MatrixDiag':
                build = lambda b, x: b.op('MatrixDiag', diagonal=x)
            else:
                build = lambda b, x: b.op(op, diagonal=x, k=0, num_rows=-1, num_cols=-1, padding_value=tf.zeros((), x.dtype))
            add(op, f'of {dims(shape)}', lambda b: build(b, b.x(shape)))
            if shape == (2, 3):
                for dtype in ('int32', 'int64', 'uint8', 'int8', 'int16'):
                    add(op, dtype, lambda b: build(b, b.x(shape, dtype)))
                add(op, 'of an unknown batch', lambda b: build(b, b.x((None, 3))))
    for shape in [(3, 3), (2, 3), (3, 2), (2, 3, 3), (2, 1, 2, 3)]:
        small = (*shape[:-2], min(shape[-2:]))
        for op in ('MatrixSetDiag', 'MatrixSetDiagV2', 'MatrixSetDiagV3'):
            more = {} if op == 'MatrixSetDiag' else {'k': 0}
            add(op, f'of {dims(shape)}', lambda b: b.op(op, input=b.x(shape), diagonal=b.x(small), **more))
            add(op, f'of {dims(shape)} constant diagonal', lambda b: b.op(op, input=b.x(shape), diagonal=b.c(small), **more))
            if shape == (3, 3):
                for dtype in ('int32', 'int64', 'uint8'):
                    add(op, dtype, lambda b: b.op(op, input=b.x(shape, dtype), diagonal=b.x(small, dtype), **more))
                add(op, 'of an unknown batch', lambda b: b.op(op, input=b.x((None, 3, 3)), diagonal=b.x((None, 3)), **more))
    for op in ('MatrixDiagV2', 'MatrixDiagV3'):
        for k in (1, -1):
            add(op, f'above by {k}' if k > 0 else 'below by one', lambda b: b.op(
                op, diagonal=b.x((2, 3)), k=k, num_rows=-1, num_cols=-1, padding_value=0.))
        add(op, 'wider', lambda b: b.op(op, diagonal=b.x((2, 3)), k=0, num_rows=3, num_cols=5, padding_value=0.))
        add(op, 'square by size', lambda b: b.op(op, diagonal=b.x((2, 3)), k=0, num_rows=3, num_cols=3, padding_value=0.))
        add(op, 'other padding', lambda b: b.op(op, diagonal=b.x((2, 3)), k=0, num_rows=-1, num_cols=-1, padding_value=7.))
        add(op, 'of a band', lambda b: b.op(op, diagonal=b.x((2, 3)), k=[0, 1], num_rows=-1, num_cols=-1, padding_value=0.))
    for op in ('MatrixSetDiagV2', 'MatrixSetDiagV3'):
        add(op, 'above', lambda b: b.op(op, input=b.x((3, 3)), diagonal=b.x((2,)), k=1))
        add(op, 'below', lambda b: b.op(op, input=b.x((3, 3)), diagonal=b.x((2,)), k=-1))
        add(op, 'of a band', lambda b: b.op(op, input=b.x((3, 3)), diagonal=b.x((2, 3)), k=[0, 1]))
    for lower, upper in [(0, -1), (-1, 0), (1, 1), (-1, -1)]:
        add('MatrixBandPart', f'{lower} and {upper}'.replace('-', 'minus '), lambda b: b.op(
            'MatrixBandPart', input=b.x((3, 4)), num_lower=lower, num_upper=upper))
    add('MatrixDiagPart', 'of 3x3', lambda b: b.op('MatrixDiagPart', input=b.x((3, 3))))
