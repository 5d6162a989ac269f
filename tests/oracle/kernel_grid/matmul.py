"""FULLY_CONNECTED and BATCH_MATMUL."""

from kernel_grid.affine import Affine, activation
from kernel_grid.core import TYPES

ZEROS = ['some', 'low', 'high', 'some']
PRODUCTS = [  # words, input, depth, units, options
    ('one row', (1, 16), 16, 5, {}),
    ('4 rows', (4, 33), 33, 9, {}),
    ('one unit', (3, 7), 7, 1, {}),
    ('rank 3', (2, 3, 8), 8, 6, {}),
    ('rank 3 kept', (2, 3, 8), 8, 6, {'keep_num_dims': True}),
    ('rank 4 flattened', (2, 2, 2, 3), 12, 4, {}),
    ('rank 1', (10,), 10, 3, {}),
    ('depth 1', (5, 1), 1, 4, {}),
    ('depth 64', (2, 64), 64, 17, {}),
]
MATMULS = [  # words, x, y, adj_x, adj_y
    ('2 matrices', (2, 3, 4), (2, 4, 5), False, False),
    ('rank 2', (3, 7), (7, 2), False, False),
    ('y adjoint', (2, 3, 4), (2, 5, 4), False, True),
    ('x adjoint', (2, 4, 3), (2, 4, 5), True, False),
    ('both adjoint', (1, 4, 3), (1, 5, 4), True, True),
    ('broadcast', (2, 1, 3, 4), (3, 4, 2), False, False),
    ('y of rank 2', (3, 2, 4), (4, 5), False, False),
    ('one row of depth 33', (1, 33), (33, 3), False, False),
]


def fully_connected(b, types, index, case, per_channel, bias='int32', asymmetric=False):
    _, shape, depth, units, options = case
    plan = dict(per_channel=per_channel, zero=ZEROS[index % 4], large_multiplier=index % 6 == 4)
    a = Affine(b, types, depth, units, **plan)
    a.x(shape)
    a.w((units, depth))
    if bias == 'absent':
        b.absent()
    elif bias:
        a.bias(units, bias)
    a.y()
    b.options(fused_activation_function=activation(index, types), **options)
    if types == 'int16' and bias == 'int32':
        b.options(quantized_bias_type=TYPES['int32'])
    if types == 'hybrid' and asymmetric:
        b.options(asymmetric_quantize_inputs=True)


def batch_matmul(b, types, index, case, constant=False):
    _, x, y, adj_x, adj_y = case
    depth = y[-1] if adj_y else y[-2]
    b.depth = depth
    if types in ('float32', 'hybrid'):
        b.x('float32', x)
        if types == 'hybrid':
            b.c('int8', b.integers(y, 'int8', -127, 127), b.scale(), 0)
            b.options(asymmetric_quantize_inputs=index % 2 == 1)
        elif constant:
            b.c('float32', b.floats(y))
        else:
            b.x('float32', y)
        b.y('float32')
    else:
        a = Affine(b, types, depth, 1, zero=ZEROS[index % 4], large_multiplier=index == 5)
        a.x(x)
        zero = b.zero(types, ZEROS[(index + 1) % 4])
        if constant:
            b.c(types, b.integers(y, types), a.weight_scale if types == 'int8' else a.weight_scale / 256, zero)
        else:
            b.x(types, y, a.weight_scale if types == 'int8' else a.weight_scale / 256, zero)
        a.y()
    b.options(adj_x=adj_x, adj_y=adj_y)


def cases(add):
    for i, case in enumerate(PRODUCTS):
        for types in ('float32', 'uint8'):
            add('FULLY_CONNECTED', types, case[0], lambda b: fully_connected(b, types, i, case, False))
        for per_channel in (False, True):
            words = f'{case[0]} per {"channel" if per_channel else "tensor"}'
            add('FULLY_CONNECTED', 'int8', words, lambda b: fully_connected(b, 'int8', i, case, per_channel))
            bias = ['int64', 'int32', 'absent'][(i + per_channel) % 3]
            add('FULLY_CONNECTED', 'int16', f'{words} bias {bias}',
                lambda b: fully_connected(b, 'int16', i, case, per_channel, bias))
            kind = 'asymmetric' if (i + per_channel) % 2 else 'symmetric'
            add('FULLY_CONNECTED', 'hybrid', f'{words} {kind}',
                lambda b: fully_connected(b, 'hybrid', i, case, per_channel, asymmetric=kind == 'asymmetric'))
    for types in ('float32', 'int8', 'uint8', 'int16', 'hybrid'):
        add('FULLY_CONNECTED', types, 'without bias',
            lambda b: fully_connected(b, types, 0, PRODUCTS[1], False, bias=None))
        add('FULLY_CONNECTED', types, 'absent bias',
            lambda b: fully_connected(b, types, 2, PRODUCTS[1], False, bias='absent'))
    for i, case in enumerate(MATMULS):
        for types in ('float32', 'int8', 'int16', 'hybrid'):
            add('BATCH_MATMUL', types, case[0], lambda b: batch_matmul(b, types, i, case))
        add('BATCH_MATMUL', 'hybrid', case[0] + ' the other way',
            lambda b: batch_matmul(b, 'hybrid', i + 1, case))
        if i < 3:
            add('BATCH_MATMUL', 'int8', case[0] + ' by a constant',
                lambda b: batch_matmul(b, 'int8', i, case, True))
            add('BATCH_MATMUL', 'float32', case[0] + ' by a constant',
                lambda b: batch_matmul(b, 'float32', i, case, True))
