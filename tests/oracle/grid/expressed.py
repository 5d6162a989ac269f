"""Ops that TensorFlow Lite has no counterpart of, expressed by others: einsum, buckets, segments, losses, functions."""

import numpy as np
import tensorflow as tf

from .core import dims


def cases(add):
    einsum(add)
    conv_3d(add)
    segments(add)
    losses(add)
    functions(add)
    diagonals(add)
    halves(add)
    for dtype in ('float32', 'int32', 'int64', 'float64'):
        for shape in [(), (5,), (2, 3), (2, 2, 3)]:
            add('Bucketize', f'{dtype} of {dims(shape)}', lambda b: b.op(
                'Bucketize', input=b.x(shape, dtype, low=-4, high=8), boundaries=[-2.5, 0., 1., 1., 3.5]))
    add('Bucketize', 'special values', lambda b: b.op(
        'Bucketize', input=b.x((6,), data=[np.nan, np.inf, -np.inf, 0, -0., 1]), boundaries=[0., 1.]))
    add('Bucketize', 'of an unknown batch', lambda b: b.op('Bucketize', input=b.x((None, 3)), boundaries=[0., 1.]))
    for low, high in [(0.2, 3), (-3, 3)]:
        add('FakeQuantWithMinMaxVarsPerChannel', f'fed range from {low}'.replace('-', 'minus '), lambda b: b.op(
            'FakeQuantWithMinMaxVarsPerChannel', inputs=b.x((4, 3), low=-8, high=8),
            min=b.x((3,), data=[-6, -0.01, low - 3.2]), max=b.x((3,), data=[6, 6.3, high])))
    for low, high in [(-6, 6), (0, 6), (-1, 3), (0.5, 4), (-4, -1), (-0.01, 6.3), (0, 0)]:
        for bits, narrow in [(8, False), (4, True), (16, False)]:
            words = f'fed {low} to {high} {bits} bits{" narrow" if narrow else ""}'.replace('-', 'minus ')
            add('FakeQuantWithMinMaxVars', words, lambda b: b.op(
                'FakeQuantWithMinMaxVars', inputs=b.x((3, 5), low=-8, high=8), min=b.x((), data=low), max=b.x((), data=high),
                num_bits=bits, narrow_range=narrow))
    for op, names in [('Pow', 'xy'), ('FloorDiv', 'xy'), ('FloorMod', 'xy'), ('Maximum', 'xy'), ('Less', 'xy'), ('SquaredDifference', 'xy'), ('Atan2', 'yx')]:
        for left, right in [((2, 1, 2, 1, 2), (2, 1, 2, 1)), ((2, 1, 1, 2, 1), (1, 2, 2, 1, 3)), ((1, 2, 1, 2, 1, 2), (2, 1, 2, 1, 2))]:
            add(op, f'of {dims(left)} and {dims(right)}', lambda b: b.op(
                op, **{names[0]: b.x(left, low=0.5, high=3), names[1]: b.x(right, low=0.5, high=3)}))
    for exponent in (1, 2, 3, 5, 10):
        add('Pow', f'of int64 {exponent}', lambda b: b.op('Pow', x=b.x((4,), 'int64'), y=tf.constant(exponent, 'int64')))
    for dtype in ('int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32'):
        add('Invert', dtype, lambda b: b.op('Invert', x=b.x((5,), dtype)))
    add('ParallelConcat', 'of two', lambda b: b.op('ParallelConcat', values=[b.x((1, 3)), b.x((1, 3))], shape=[2, 3]))
    for num in (1, 2, 7):
        add('LinSpace', f'{num} steps', lambda b: b.op('LinSpace', start=b.x(()), stop=b.x(()), num=num))
    for shape in [(3,), (2, 3), (2, 2, 3)]:
        for dtype in ('float32', 'int32'):
            add('Cross', f'{dtype} of {dims(shape)}', lambda b: b.op('Cross', a=b.x(shape, dtype), b=b.x(shape, dtype)))


def einsum(add):
    for equation, shapes in [
            ('ij,jk->ik', [(2, 3), (3, 4)]), ('ij,kj->ik', [(2, 3), (4, 3)]), ('ji,jk->ki', [(3, 2), (3, 4)]),
            ('bij,bjk->bik', [(2, 2, 3), (2, 3, 4)]), ('bij,bkj->bki', [(2, 2, 3), (2, 4, 3)]), ('abc,cde->abde', [(2, 3, 4), (4, 2, 3)]),
            ('abcd,cde->abe', [(2, 2, 2, 3), (2, 3, 4)]), ('BTNH,BFNH->BNFT', [(2, 3, 2, 4), (2, 2, 2, 4)]),
            ('BNFT,BTNH->BFNH', [(2, 2, 3, 2), (2, 2, 2, 4)]), ('i,j->ij', [(3,), (4,)]), ('i,i->', [(3,), (3,)]), ('ij,ij->ij', [(2, 3), (2, 3)]),
            ('ij,j->i', [(2, 3), (3,)]), ('ijk,ilk->jl', [(2, 3, 4), (2, 2, 4)]), ('ij,kl->', [(2, 3), (3, 2)]), ('ij,jk->k', [(2, 3), (3, 4)]),
            ('...ij,...jk->...ik', [(2, 2, 3), (2, 3, 4)]), ('...ij,jk->...ik', [(2, 2, 2, 3), (3, 4)]), ('...ij,...jk->...ik', [(2, 1, 2, 3), (3, 3, 4)]),
            ('...i,...i->...', [(2, 3), (2, 3)])]:
        add('Einsum', f'{equation} of {" and ".join(map(dims, shapes))}', lambda b: b.op('Einsum', inputs=[b.x(s) for s in shapes], equation=equation))
        add('Einsum', f'{equation} of {" and ".join(map(dims, shapes))} constant', lambda b: b.op(
            'Einsum', inputs=[b.x(shapes[0]), b.c(shapes[1])], equation=equation))
    for equation, shape in [('ij->ji', (2, 3)), ('ijk->j', (2, 3, 4)), ('ij->', (2, 3)), ('...i->...', (2, 2, 3)), ('ij->ij', (2, 3)), ('abc->cab', (2, 3, 4))]:
        add('Einsum', f'{equation} alone', lambda b: b.op('Einsum', inputs=[b.x(shape)], equation=equation))
    for equation, shapes, fed in [('bij,bjk->bik', [(None, 2, 3), (None, 3, 4)], [(3, 2, 3), (3, 3, 4)]), ('abc,cd->abd', [(None, 2, 3), (3, 4)], [(3, 2, 3), (3, 4)]),
                                  ('abc,cde->abde', [(None, 2, 4), (4, 2, 3)], [(3, 2, 4), (4, 2, 3)]), ('abc,cd->abd', [(None, None, 3), (3, 4)], [(2, 3, 3), (3, 4)])]:
        add('Einsum', f'{equation} of {" and ".join(map(dims, shapes))}', lambda b: b.op(
            'Einsum', inputs=[b.x(s, fed=f) for s, f in zip(shapes, fed)], equation=equation))


def conv_3d(add):
    def conv(b, x, w, stride=(1, 1, 1), padding='SAME', dilation=(1, 1, 1)):
        return b.op('Conv3D', input=x, filter=w, strides=[1, *stride, 1], padding=padding, dilations=[1, *dilation, 1])
    for padding in ('SAME', 'VALID'):
        for kernel in [(1, 1, 1), (2, 2, 2), (3, 2, 1), (3, 3, 3)]:
            for stride in [(1, 1, 1), (2, 2, 2), (1, 2, 1)]:
                add('Conv3D', f'kernel {dims(kernel)} stride {dims(stride)} {padding}', lambda b: conv(
                    b, b.x((2, 4, 5, 3, 2)), b.c((*kernel, 2, 3)), stride, padding))
    add('Conv3D', 'with bias and relu', lambda b: tf.nn.relu(conv(b, b.x((1, 3, 4, 3, 2)), b.c((2, 2, 2, 2, 3))) + b.c((3,))))
    add('Conv3D', 'of an unknown batch', lambda b: conv(b, b.x((None, 3, 4, 3, 2)), b.c((2, 2, 2, 2, 3))))
    add('Conv3D', 'fed filter', lambda b: conv(b, b.x((1, 3, 4, 3, 2)), b.x((2, 2, 2, 2, 3))))


def segments(add):
    for op in ('SegmentSum', 'SegmentMean', 'SegmentProd', 'SegmentMax', 'SegmentMin'):
        for dtype in ('float32', 'int32'):
            if op == 'SegmentMean' and dtype == 'int32':
                continue
            for words, ids in [('plain', [0, 0, 1, 2, 2]), ('with a gap', [0, 0, 2, 2, 4])]:
                for shape in [(5,), (5, 3), (5, 2, 2)]:
                    add(op, f'{dtype} {words} of {dims(shape)}', lambda b: b.op(op, data=b.x(shape, dtype), segment_ids=ids))
                    if op != 'SegmentSum' or words == 'plain':
                        add(op, f'{dtype} {words} of {dims(shape)} fed', lambda b: b.op(
                            op, data=b.x(shape, dtype), segment_ids=b.x((5,), 'int32', data=ids)))


def losses(add):
    for shape in [(3, 4), (1, 5)]:
        soft = lambda b: tf.nn.softmax(b.x(shape))
        add('SoftmaxCrossEntropyWithLogits', f'of {dims(shape)}', lambda b: list(b.op(
            'SoftmaxCrossEntropyWithLogits', features=b.x(shape), labels=soft(b))))
        add('SparseSoftmaxCrossEntropyWithLogits', f'of {dims(shape)}', lambda b: list(b.op(
            'SparseSoftmaxCrossEntropyWithLogits', features=b.x(shape), labels=b.x(shape[:1], 'int32', low=0, high=shape[1]))))
        add('SparseSoftmaxCrossEntropyWithLogits', f'of {dims(shape)} int64', lambda b: b.op(
            'SparseSoftmaxCrossEntropyWithLogits', features=b.x(shape), labels=b.x(shape[:1], 'int64', low=0, high=shape[1]))[0])
    add('SoftmaxCrossEntropyWithLogits', 'of an unknown batch', lambda b: b.op(
        'SoftmaxCrossEntropyWithLogits', features=b.x((None, 4)), labels=tf.nn.softmax(b.x((None, 4))))[0])
    for shape in [(4,), (2, 3), (2, 2, 2, 2)]:
        add('L2Loss', f'of {dims(shape)}', lambda b: b.op('L2Loss', t=b.x(shape)))


def functions(add):
    whole = np.array([-20, -3, -1, -0.5, -1e-3, 0, 1e-3, 0.5, 1, 3, 20], np.float32)
    for op in ('Tan', 'Atan', 'Sinh', 'Cosh', 'Asinh', 'Asin', 'Acos', 'Atanh', 'Acosh'):
        inside = {'Asin': 1, 'Acos': 1, 'Atanh': 0.99}.get(op)
        data = np.linspace(-inside, inside, 11, dtype=np.float32) if inside else whole + 21.5 if op == 'Acosh' else whole
        add(op, 'plain', lambda b: b.op(op, x=b.x((11,), data=data)))
        add(op, 'of 2x3', lambda b: b.op(op, x=b.x((2, 3), low=1.1 if op == 'Acosh' else -0.9, high=2 if op == 'Acosh' else 0.9)))
        add(op, 'of an unknown batch', lambda b: b.op(op, x=b.x((None, 2), low=1.1 if op == 'Acosh' else -0.9, high=2 if op == 'Acosh' else 0.9)))
        add(op, 'of not a number', lambda b: b.op(op, x=b.x((2,), data=[np.nan, 1.])) if op != 'Atanh' else b.op(op, x=b.x((2,), data=[np.nan, .5])))
        if op in ('Asin', 'Acos', 'Acosh', 'Atanh'):
            add(op, 'outside', lambda b: b.op(op, x=b.x((2,), data=[-2., -1.5])))
    add('Sinh', 'of large numbers', lambda b: b.op('Sinh', x=b.x((4,), data=[-88.9, 80, 88.9, 50])))
    add('Cosh', 'of large numbers', lambda b: b.op('Cosh', x=b.x((4,), data=[-88.9, 80, 88.9, 50])))
    add('Asinh', 'of large numbers', lambda b: b.op('Asinh', x=b.x((4,), data=[-1e30, 1e10, 1e25, 1e-30])))
    add('Acosh', 'of large numbers', lambda b: b.op('Acosh', x=b.x((3,), data=[1e10, 1e25, 1])))
    for words, data in [('of small numbers', np.linspace(-6.01, 6.02, 241)), ('of large numbers', [30, 1e3, 1e6, 1e12, 3e36, 1e37, 3e38]),
                        ('of large negative numbers', [-30.25, -999.5, -70000.75, -4194303.5, -8388609., -1e12, -3e38]),
                        ('at poles', [0, -0., -1, -2, -3, -100, -8388608]), ('at zeros', [1, 2, -2.457025, -2.747683, -3.143581, -3.955294]),
                        ('beside poles', [1e-30, -1e-30, 1e-6, -1e-6, -1.0000001, -0.9999999, -2.0000002, -2.9999998, -100.00001]),
                        ('of infinities and no number', [np.inf, -np.inf, np.nan, 0.5])]:
        add('Lgamma', words, lambda b: b.op('Lgamma', x=b.x((len(data),), data=data)))
    add('Lgamma', 'of 2x3', lambda b: b.op('Lgamma', x=b.x((2, 3))))
    add('Lgamma', 'of an unknown batch', lambda b: b.op('Lgamma', x=b.x((None, 2))))
    add('Lgamma', 'of a scalar', lambda b: b.op('Lgamma', x=b.x(())))
    add('Lgamma', 'float64', lambda b: b.op('Lgamma', x=b.x((5,), 'float64')))
    add('Lgamma', 'half', lambda b: b.op('Lgamma', x=b.x((5,), 'half')))
    add('Lgamma', 'of a constant', lambda b: b.x((5,)) + b.op('Lgamma', x=b.c((5,))))
    add('Softsign', 'at infinity', lambda b: b.op('Softsign', features=b.x((4,), data=[np.inf, -np.inf, np.nan, 1e30])))
    add('Softsign', 'of minus zero', lambda b: 1 / b.op('Softsign', features=b.x((2,), data=[-0., 2])))
    add('Add', 'zero to minus zero', lambda b: 1 / (b.x((3,), data=[-0., 0., 2]) + 0.))
    add('Add', 'zero before a root', lambda b: tf.math.rsqrt(tf.reshape(b.x((3,), data=[-0., 0., 2]) + 0., [3, 1])))


def diagonals(add):
    for shape in [(3, 3), (2, 4), (4, 2), (2, 3, 4)]:
        for k in (0, 1, -1, (-1, 1), (-1, 0), (0, 1)):
            n = 0 if isinstance(k, int) else k[1] - k[0]
            words = f'of {dims(shape)} diagonals {k}'.replace('-', 'minus ')
            add('MatrixDiagPartV2', words, lambda b: b.op('MatrixDiagPartV2', input=b.x(shape), k=k, padding_value=7.))
            for align in ('LEFT_RIGHT', 'RIGHT_LEFT', 'LEFT_LEFT', 'RIGHT_RIGHT') if n else ('RIGHT_LEFT',):
                add('MatrixDiagPartV3', f'{words} {align}', lambda b: b.op('MatrixDiagPartV3', input=b.x(shape), k=k, padding_value=7., align=align))
                low, high = (k, k) if isinstance(k, int) else k
                longest = min(shape[-2] + min(high, 0), shape[-1] - max(low, 0))
                stack = (*shape[:-2], *([n + 1] if n else []), longest)
                add('MatrixSetDiagV3', f'{words} {align}', lambda b: b.op('MatrixSetDiagV3', input=b.x(shape), diagonal=b.x(stack), k=k, align=align))
                add('MatrixDiagV3', f'{words} {align}', lambda b: b.op(
                    'MatrixDiagV3', diagonal=b.x(stack), k=k, num_rows=shape[-2], num_cols=shape[-1], padding_value=7., align=align))
        add('MatrixDiagPart', f'of {dims(shape)}', lambda b: b.op('MatrixDiagPart', input=b.x(shape)))
        for dtype in ('int32', 'int64', 'bool', 'uint8'):
            add('MatrixDiagPart', f'{dtype} of {dims(shape)}', lambda b: b.op('MatrixDiagPart', input=b.x(shape, dtype)))
            add('MatrixBandPart', f'{dtype} of {dims(shape)}', lambda b: b.op('MatrixBandPart', input=b.x(shape, dtype), num_lower=1, num_upper=0))
    for op in ('MatrixDiagPartV3', 'MatrixDiagPartV2'):
        add(op, 'of an unknown batch', lambda b: b.op(op, input=b.x((None, 3, 3)), k=1, padding_value=0.))
    add('MatrixDiagV3', 'rows alone', lambda b: b.op('MatrixDiagV3', diagonal=b.x((3,)), k=1, num_rows=3, num_cols=-1, padding_value=0.))
    add('MatrixDiagV3', 'of an unknown batch', lambda b: b.op('MatrixDiagV3', diagonal=b.x((None, 3)), k=-1, num_rows=-1, num_cols=-1, padding_value=0.))
    add('Diag', 'of 3', lambda b: b.op('Diag', diagonal=b.x((3,))))
    add('DiagPart', 'of 3x3', lambda b: b.op('DiagPart', input=b.x((3, 3))))


def halves(add):
    """Large enough that a float rounded otherwise shows."""
    for dtype in ('half', 'bfloat16'):
        x = lambda b, shape=(40, 5): tf.cast(b.x(shape), dtype)
        out = lambda y: tf.cast(y, 'float32')
        for op in ('Add', 'Sub', 'Mul', 'RealDiv', 'Maximum'):
            add(op, f'many {dtype}', lambda b: out(b.op(op, x=x(b), y=x(b))))
        for op in ('Exp', 'Tanh', 'Sigmoid', 'Relu', 'Softmax', 'Neg', 'Square', 'Elu'):
            arguments = lambda v: {{'Relu': 'features', 'Elu': 'features', 'Softmax': 'logits'}.get(op, 'x'): v}
            add(op, f'many {dtype}', lambda b: out(b.op(op, **arguments(x(b)))))
        add('Mul', f'then add {dtype}', lambda b: out(x(b) * x(b) + x(b)))
        add('Mul', f'then add of constants {dtype}', lambda b: out(x(b) * tf.constant(1.1, dtype) + tf.constant(0.3, dtype)))
        add('MatMul', f'many {dtype}', lambda b: out(tf.matmul(x(b), x(b, (5, 30)))))
        add('Mean', f'many {dtype}', lambda b: out(tf.reduce_mean(x(b), -1)))
        add('Conv2D', f'many {dtype}', lambda b: out(tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(
            x(b, (1, 6, 6, 3)), tf.cast(b.c((3, 3, 3, 4)), dtype), 1, 'SAME'), tf.cast(b.c((4,)), dtype)))))
        add('Reshape', f'many {dtype}', lambda b: out(tf.concat([tf.reshape(x(b), [5, 40]), tf.zeros([5, 2], dtype)], 1)))
