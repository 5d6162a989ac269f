"""Pooling and local response normalisation."""

from kernel_grid.affine import activation

SAME, VALID = 0, 1
ZEROS = ['some', 'low', 'high', 'some', 'some']
POOLS = [  # words, input, filter (h, w), stride (h, w), padding
    ('2x2 stride 2 valid', (1, 6, 6, 3), (2, 2), (2, 2), VALID),
    ('3x3 same', (1, 5, 4, 4), (3, 3), (1, 1), SAME),
    ('3x2 stride 2 of 2 images', (2, 5, 6, 3), (3, 2), (2, 2), SAME),
    ('global', (1, 7, 7, 5), (7, 7), (1, 1), VALID),
    ('1x1', (1, 3, 3, 8), (1, 1), (1, 1), SAME),
    ('filter larger than image', (1, 3, 2, 4), (5, 5), (1, 1), SAME),
    ('1x4 stride 1x3', (1, 3, 9, 2), (1, 4), (1, 3), VALID),
    ('33 channels', (1, 3, 3, 33), (2, 2), (1, 1), SAME),
    ('4x4 stride 4', (1, 8, 8, 2), (4, 4), (4, 4), SAME),
]


def pool(b, types, index, case, rescale=False):
    _, shape, (fh, fw), stride, padding = case
    parameters = ()
    if types != 'float32':
        parameters = (b.scale(0.01, 0.06) / (256 if types == 'int16' else 1), b.zero(types, ZEROS[index % 5]))
    b.x(types, shape, *parameters)
    b.y(types, *((parameters[0] * 2, parameters[1]) if rescale else parameters))
    b.options(padding=padding, filter_height=fh, filter_width=fw, stride_h=stride[0], stride_w=stride[1],
              fused_activation_function=activation(index, types))


def response(b, index, shape):
    b.x('float32', shape)
    b.y('float32')
    radius, bias, alpha, beta = [(2, 1.0, 1.0, 0.5), (5, 2.0, 1e-4, 0.75), (0, 1.0, 0.5, 1.0),
                                 (1, 0.5, 2.0, 0.3)][index]
    b.options(radius=radius, bias=bias, alpha=alpha, beta=beta)


def cases(add):
    for op in ('AVERAGE_POOL_2D', 'MAX_POOL_2D'):
        for types in ('float32', 'int8', 'uint8', 'int16'):
            for i, case in enumerate(POOLS):
                add(op, types, case[0], lambda b: pool(b, types, i, case))
        add(op, 'int8', 'with another output scale', lambda b: pool(b, 'int8', 0, POOLS[0], True))
    for i, shape in enumerate(((1, 2, 3, 7), (2, 2, 2, 12), (1, 1, 1, 5), (1, 3, 2, 1))):
        add('LOCAL_RESPONSE_NORMALIZATION', 'float32', str(i), lambda b: response(b, i, shape))
