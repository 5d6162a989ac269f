"""Arithmetic with constants before and after convolutions and matrix products, which a converter fuses."""

import tensorflow as tf

from .core import dims

OPS = {'Add': lambda a, c: a + c, 'Sub': lambda a, c: a - c, 'Mul': lambda a, c: a * c, 'RealDiv': lambda a, c: a / c,
       'constant Sub': lambda a, c: c - a, 'constant RealDiv': lambda a, c: c / a, 'constant Mul': lambda a, c: c * a}
# kind of layer -> (input shape, output depth, layer)
LAYERS = {
    'conv': ((1, 4, 3, 2), 3, lambda b, x, pad='SAME': tf.nn.conv2d(x, b.c((2, 2, 2, 3)), 1, pad)),
    'depthwise': ((1, 4, 3, 2), 4, lambda b, x, pad='SAME': tf.nn.depthwise_conv2d(x, b.c((2, 2, 2, 2)), [1, 1, 1, 1], pad)),
    'matmul': ((2, 3), 4, lambda b, x, pad=None: tf.matmul(x, b.c((3, 4)))),
    'transposed conv': ((1, 2, 2, 2), 3, lambda b, x, pad='SAME': tf.nn.conv2d_transpose(
        x, b.c((2, 2, 3, 2)), [1, 4, 4, 3] if pad == 'SAME' else [1, 4, 4, 3], 2, pad)),
}


def operands(kind, depth):
    """Shapes of the constant after the layer: fusable ones and traps."""
    if kind == 'matmul':
        return [(), (1,), (depth,), (1, depth), (2, 1), (2, depth), (1, 1, depth), (3, 1, depth)]
    height, width = (4, 4) if kind == 'transposed conv' else (4, 3)
    return [(), (1,), (depth,), (1, 1, 1, depth), (width, 1), (width, depth), (height, 1, 1), (1, height, width, depth),
            (2, 1, 1, depth), (1, 1, 1, 1, depth)]


def safe(b, name, shape):
    return b.c(shape, low=0.5, high=2) if 'Div' in name else b.c(shape)


def cases(add):
    for kind, (shape, depth, layer) in LAYERS.items():
        for name, op in OPS.items():
            for constant in operands(kind, depth):
                add('Composite', f'{kind} then {name} {dims(constant)}', lambda b: op(layer(b, b.x(shape)), safe(b, name, constant)))
            add('Composite', f'{kind} with bias then {name}', lambda b: op(
                tf.nn.bias_add(layer(b, b.x(shape)), b.c((depth,))), safe(b, name, (depth,))))
            add('Composite', f'{kind} with relu then {name}', lambda b: op(tf.nn.relu(layer(b, b.x(shape))) + 0.1, safe(b, name, (depth,))))
            add('Composite', f'{kind} then {name} then relu6', lambda b: tf.nn.relu6(op(layer(b, b.x(shape)), safe(b, name, (depth,)))))
            before = [(), (shape[-1],)] + ([(1, 1, 1, 2), (3, 1), (1, 4, 3, 2)] if kind in ('conv', 'depthwise') else [])
            for constant in before:
                for pad in ('SAME', 'VALID') if kind != 'matmul' else (None,):
                    def lead(b):
                        x = b.x(shape, low=0.5, high=2) if name == 'constant RealDiv' else b.x(shape)
                        return layer(b, op(x, safe(b, name, constant)), pad)
                    add('Composite', f'{name} {dims(constant)} then {kind} {pad or ""}', lead)
        add('Composite', f'{kind} then mul add mul add', lambda b: (
            (layer(b, b.x(shape)) * b.c((depth,)) + b.c((depth,))) * b.c((depth,)) + b.c((depth,))))
        add('Composite', f'{kind} read twice then add', lambda b: (lambda y: [y + b.c((depth,)), y * 2.])(layer(b, b.x(shape))))
        add('Composite', f'{kind} an output then add', lambda b: (lambda y: [y, y + b.c((depth,))])(layer(b, b.x(shape))))
        add('Composite', f'{kind} an output then relu', lambda b: (lambda y: [y, tf.nn.relu(y)])(layer(b, b.x(shape))))
        add('Composite', f'mul is an output then {kind}', lambda b: (lambda y: [y, layer(b, y)])(b.x(shape) * 2.))
        add('Composite', f'{kind} then add of another input', lambda b: layer(b, b.x(shape)) + b.x((depth,)))
        add('Composite', f'{kind} then mul of another input', lambda b: layer(b, b.x(shape)) * b.x((depth,)))
        add('Composite', f'{kind} added to itself', lambda b: (lambda y: y + y)(layer(b, b.x(shape))))
        add('Composite', f'{kind} then add of zero', lambda b: layer(b, b.x(shape)) + 0.)
        add('Composite', f'{kind} then mul by zero', lambda b: layer(b, b.x(shape)) * 0.)
        add('Composite', f'{kind} then clip one', lambda b: tf.maximum(tf.minimum(layer(b, b.x(shape)), 1.), -1.))
        add('Composite', f'{kind} then relu then relu6', lambda b: tf.nn.relu6(tf.nn.relu(layer(b, b.x(shape)))))
        add('Composite', f'{kind} then neg', lambda b: -layer(b, b.x(shape)))
        add('Composite', f'{kind} then identity then bias', lambda b: tf.identity(layer(b, b.x(shape))) + tf.identity(b.c((depth,))))
        add('Composite', f'{kind} bias by computed constant', lambda b: layer(b, b.x(shape)) + (b.c((depth,)) - b.c((depth,))))
        add('Composite', f'{kind} of an unknown batch then mul add relu', lambda b: tf.nn.relu(
            layer(b, b.x((None, *shape[1:]), fed=list(shape))) * b.c((depth,)) + b.c((depth,)))
            if kind != 'transposed conv' else layer(b, b.x(shape)) + 1.)
        add('Composite', f'{kind} then add of two', lambda b: (lambda x: tf.nn.relu(layer(b, x) + layer(b, x)))(b.x(shape)))
    shared(add)


def shared(add):
    def twice(b, change):
        """Two convolutions read one filter; a constant is fused into one of them."""
        x, w, bias = b.x((1, 4, 4, 2)), b.c((3, 3, 2, 2)), b.c((2,))
        first = tf.nn.bias_add(tf.nn.conv2d(x, w, 1, 'SAME'), bias)
        second = tf.nn.bias_add(tf.nn.conv2d(change(x), w, 1, 'SAME'), bias)
        return [first, second]
    add('Composite', 'shared filter and one scaled input', lambda b: twice(b, lambda x: x * 3.))
    add('Composite', 'shared filter and one shifted input', lambda b: twice(b, lambda x: x + 3.))
    add('Composite', 'shared filter and one output scaled', lambda b: (lambda y: [y[0], y[1] * b.c((2,))])(twice(b, lambda x: x)))
    add('Composite', 'shared filter twice in a row', lambda b: (lambda y: y[1])(twice(
        b, lambda x: tf.nn.relu(tf.nn.conv2d(x, b.c((1, 1, 2, 2)), 1, 'SAME')))))
    add('Composite', 'the bias is an output too', lambda b: (lambda c: [
        tf.nn.bias_add(tf.nn.conv2d(b.x((1, 4, 4, 2)), b.c((3, 3, 2, 2)), 1, 'SAME'), c) * 2., c + 1.])(b.c((2,))))
    add('Composite', 'filter is used elsewhere', lambda b: (lambda w: [
        tf.nn.conv2d(b.x((1, 4, 4, 2)), w, 1, 'SAME') * b.c((2,)), tf.reduce_sum(w) + b.x(())])(b.c((3, 3, 2, 2))))
    add('Composite', 'conv matmul shared scale', lambda b: (lambda c: tf.matmul(tf.reshape(tf.nn.conv2d(
        b.x((1, 2, 2, 2)), b.c((1, 1, 2, 3)), 1, 'SAME') * c, [4, 3]) * c, b.c((3, 2))))(b.c((3,))))
