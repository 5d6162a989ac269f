"""The edges of a graph: inputs and outputs of every kind, identities, names, unused parts."""

import tensorflow as tf

v1 = tf.compat.v1


def cases(add):
    add('Placeholder', 'as the output', lambda b: b.x((2, 3)))
    add('Placeholder', 'as one output of two', lambda b: (lambda x: [x, x * 2.])(b.x((2, 3))))
    add('Placeholder', 'two in another order', lambda b: (lambda x, y: [y, x])(b.x((2, 3)), b.x((2,), 'int32')))
    add('Placeholder', 'not read', lambda b: (lambda x, y: x * 2.)(b.x((2, 3)), b.x((4,))))
    add('Placeholder', 'of every dtype', lambda b: [tf.identity(b.x((2,), t)) for t in ('float32', 'int32', 'int64', 'bool', 'uint8', 'int8')])
    for dtype in ('float32', 'int32', 'int64', 'bool', 'uint8', 'int8', 'int16', 'float64', 'half', 'uint32', 'complex64'):
        add('Identity', dtype, lambda b: tf.identity(b.x((2, 3), dtype)))
    for op in ('Identity', 'Snapshot', 'StopGradient', 'PreventGradient'):
        add(op, 'alone', lambda b: b.op(op, input=b.x((2, 3))))
        add(op, 'before relu', lambda b: tf.nn.relu(b.op(op, input=b.x((2, 3)))))
        add(op, 'after relu', lambda b: b.op(op, input=tf.nn.relu(b.x((2, 3)))))
        add(op, 'between two', lambda b: tf.square(b.op(op, input=tf.nn.relu(b.x((2, 3))))))
        add(op, 'of an unknown batch', lambda b: b.op(op, input=b.x((None, 3))))
        add(op, 'of a constant', lambda b: b.x((2, 3)) * b.op(op, input=b.c((3,))))
        add(op, 'twice the same output', lambda b: (lambda y: [b.op(op, input=y), b.op(op, input=y)])(tf.nn.relu(b.x((2, 3)))))
    add('CheckNumerics', 'alone', lambda b: b.op('CheckNumerics', tensor=b.x((2, 3)), message='bad'))
    add('CheckNumerics', 'between two', lambda b: tf.square(b.op('CheckNumerics', tensor=tf.nn.relu(b.x((2, 3))), message='bad')))
    add('EnsureShape', 'alone', lambda b: b.op('EnsureShape', input=b.x((2, 3)), shape=[2, 3]))
    add('EnsureShape', 'of a batch', lambda b: b.op('EnsureShape', input=b.x((None, 3)), shape=[None, 3]))
    add('EnsureShape', 'makes a batch known', lambda b: b.op('EnsureShape', input=b.x((None, 3), fed=[2, 3]), shape=[2, 3]) + 1.)
    add('IdentityN', 'two', lambda b: b.op('IdentityN', input=[b.x((2, 3)), b.x((4,), 'int32')]))
    add('IdentityN', 'second output read', lambda b: b.op('IdentityN', input=[b.x((2, 3)), b.x((4,))])[1] * 2.)
    add('IdentityN', 'crossed', lambda b: (lambda y: y[0] - y[1])(b.op('IdentityN', input=[b.x((2,)), b.x((2,))])))
    add('PlaceholderWithDefault', 'scalar', lambda b: b.x((2, 3)) * v1.placeholder_with_default(2., []))
    add('PlaceholderWithDefault', 'vector', lambda b: b.x((2, 3)) + v1.placeholder_with_default(b.c((3,)), [3]))
    add('PlaceholderWithDefault', 'bool', lambda b: tf.where(v1.placeholder_with_default(False, []), b.x((2, 3)), b.x((2, 3))))
    add('PlaceholderWithDefault', 'of an input', lambda b: v1.placeholder_with_default(b.x((2, 3)), [2, 3]) * 2.)
    add('PlaceholderWithDefault', 'of an unknown shape', lambda b: b.x((2, 3)) * v1.placeholder_with_default(tf.constant([2.]), [None]))
    add('Relu', 'an unused branch', lambda b: (lambda x, dead: tf.nn.relu(x))(b.x((2, 3)), tf.square(b.c((2, 3)))))
    add('Relu', 'an unused unsupported branch', unsupported)
    add('Relu', 'inner tensor as an output', lambda b: (lambda y: [tf.square(y), y])(tf.nn.relu(b.x((2, 3)))))
    add('Split', 'outputs 0 and 2', lambda b: (lambda s: [s[0], s[2]])(tf.split(b.x((2, 3)), 3, 1)))
    add('Split', 'one output is also read', lambda b: (lambda s: [s[0], s[1] * s[0]])(tf.split(b.x((2, 4)), 2, 1)))
    add('Split', 'outputs through identities', lambda b: [tf.identity(t, name=f'part_{i}') for i, t in enumerate(tf.split(b.x((2, 4)), 2, 1))])
    add('Unpack', 'outputs backwards', lambda b: tf.unstack(b.x((3, 2)))[::-1])
    add('AddV2', 'x plus x', lambda b: (lambda x: x + x)(b.x((2, 3))))
    add('AddV2', 'of two outputs of one op', lambda b: (lambda s: s[0] + s[1])(tf.split(b.x((2, 4)), 2, 1)))
    add('AddV2', 'in name scopes', scopes)
    add('AddV2', 'names that look alike', lambda b: [tf.add(b.x((2,)), 1., name='out'), tf.add(b.x((2,)), 1., name='out_1'), tf.add(b.x((2,)), 2., name='out/out')])
    add('AddV2', 'input with a scope in its name', lambda b: b.x((2, 3), name='model/image_input') * 2.)
    add('AddV2', 'deep chain', deep)
    add('AddV2', 'wide sum', lambda b: (lambda x: sum(x * float(i) for i in range(12)))(b.x((2, 3))))
    add('AddV2', 'diamond', lambda b: (lambda x: (lambda y: tf.nn.relu(y) + tf.sigmoid(y))(x * 2.))(b.x((2, 3))))
    add('AddV2', 'same constant read twice', lambda b: (lambda x, c: (x + c) * c)(b.x((2, 3)), b.c((3,))))
    add('AddV2', 'equal constants', lambda b: (b.x((2, 3)) + tf.constant([1., 2., 3.])) * tf.constant([1., 2., 3.]))
    add('AddV2', 'nodes out of order', backwards)
    add('AddV2', 'explicit devices', devices)
    add('AddV2', 'unknown attributes', attributes)
    add('AddV2', 'explicit output numbers in inputs', numbered)
    add('AddV2', 'six dimensions', lambda b: b.x((1, 2, 1, 2, 1, 2)) + b.c((2, 1, 2)))
    add('AddV2', 'a shape with zero', lambda b: b.x((0, 3)) + b.c((3,)))
    add('AddV2', 'a scalar graph', lambda b: b.x(()) * b.x(()) + 1.)
    add('AddV2', 'many inputs', lambda b: tf.add_n([b.x((2,), name=f'input_{i}') * float(i + 1) for i in range(8)]))
    add('AddV2', 'many outputs', lambda b: (lambda x: [x + float(i) for i in range(8)])(b.x((2,))))
    add('Assert', 'not an output', lambda b: (lambda x: [b.op('Assert', condition=tf.reduce_all(x < 99.), data=[x]), x * 2.][1])(b.x((2, 3))))
    add('NoOp', 'before a constant', before_constant)


def unsupported(b):
    x = b.x((2, 3))
    tf.linalg.svd(b.c((3, 3)))
    return tf.nn.relu(x)


def scopes(b):
    with tf.name_scope('model/layer_1'):
        x = b.x((2, 3), name='in')
        return tf.add(x, tf.constant([1., 2., 3.], name='bias'), name='sum')


def deep(b):
    x = b.x((2, 3))
    for i in range(60):
        x = tf.nn.relu(x) * 0.99 + 0.01 if i % 2 else tf.tanh(x)
    return x


def backwards(b):
    y = tf.nn.relu(b.x((2, 3)) + b.c((3,))) * 2.

    def edit(definition):
        nodes = list(definition.node)[::-1]
        del definition.node[:]
        definition.node.extend(nodes)
    b.edit = edit
    return y


def devices(b):
    y = tf.nn.relu(b.x((2, 3)) + b.c((3,)))

    def edit(definition):
        for node in definition.node:
            node.device = '/device:CPU:0'
    b.edit = edit
    return y


def attributes(b):
    y = tf.nn.relu(b.x((2, 3)) + b.c((3,)))

    def edit(definition):
        for node in definition.node:
            node.attr['_output_shapes'].list.shape.add().unknown_rank = True
            node.attr['_class'].list.s.append(b'loc:@x')
            node.attr['_grappler_note'].i = 3
    b.edit = edit
    b.twins[y.name] = y
    return y


def numbered(b):
    y = tf.nn.relu(b.x((2, 3)) + b.c((3,)))

    def edit(definition):
        for node in definition.node:
            node.input[:] = [n if ':' in n or n.startswith('^') else n + ':0' for n in node.input]
    b.edit = edit
    return y


def before_constant(b):
    x = b.x((2, 3))
    with tf.control_dependencies([tf.no_op(), x]):
        c = tf.constant(2.)
    return x * c
