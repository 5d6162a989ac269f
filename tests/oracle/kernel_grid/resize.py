"""RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR, and the block operators."""

import numpy as np

SIZES = [  # words, input, new height, new width
    ('up', (1, 3, 4, 2), 7, 9),
    ('down', (1, 8, 7, 3), 3, 4),
    ('twice', (1, 4, 4, 3), 8, 8),
    ('of 2 images', (2, 3, 3, 1), 5, 2),
    ('to one pixel', (1, 4, 5, 3), 1, 1),
    ('of one pixel', (1, 1, 1, 5), 3, 2),
    ('to the same', (1, 3, 3, 2), 3, 3),
]
MODES = {'': {}, ' half pixel': {'half_pixel_centers': True}, ' corners': {'align_corners': True},
         ' corners and half pixel': {'align_corners': True, 'half_pixel_centers': True}}
BLOCKS = [  # words, input, block
    ('of an image', (1, 4, 6, 3), [2, 2]), ('2x3 of an image', (2, 4, 6, 1), [2, 3]),
    ('of rank 3', (2, 6, 4), [3]), ('1x2', (1, 3, 4, 2), [1, 2]),
]


def parameters(b, types):
    if types in ('int8', 'uint8'):
        return b.scale(), b.zero(types, 'some')
    return (b.scale() / 256, 0) if types == 'int16' else ()


def resize(b, types, case, mode, fed=False):
    _, shape, height, width = case
    p = parameters(b, types)
    b.x(types, shape, *p)
    b.c('int32', [height, width])
    b.y(types, *p)
    b.options(**mode)


def block(b, types, shape, size):
    p = parameters(b, types)
    b.x(types, shape, *p)
    b.y(types, *p)
    b.options(block_size=size)


def to_batch(b, types, shape, sizes, pads):
    p = parameters(b, types)
    b.x(types, shape, *p)
    b.c('int32', sizes)
    b.c('int32', pads)
    b.y(types, *p)


def to_space(b, types, shape, sizes, crops):
    shape = (shape[0] * int(np.prod(sizes)),) + tuple(shape[1:])
    to_batch(b, types, shape, sizes, crops)


def cases(add):
    for op in ('RESIZE_BILINEAR', 'RESIZE_NEAREST_NEIGHBOR'):
        for types in ('float32', 'int8', 'uint8', 'int16') + (('int32',) if 'NEAREST' in op else ()):
            for i, case in enumerate(SIZES):
                for j, (words, mode) in enumerate(MODES.items()):
                    if i < 2 or (i + j) % 3 == 0:
                        add(op, types, case[0] + words, lambda b: resize(b, types, case, mode))
    for types in ('float32', 'int8', 'uint8', 'int32', 'int64'):
        for shape, size in (((1, 4, 6, 3), 2), ((2, 3, 3, 1), 3), ((1, 2, 2, 8), 1), ((2, 4, 4, 2), 2)):
            add('SPACE_TO_DEPTH', types, f'{size} of {"x".join(map(str, shape))}',
                lambda b: block(b, types, shape, size))
        for shape, size in (((1, 2, 3, 8), 2), ((2, 2, 2, 9), 3), ((1, 2, 2, 5), 1), ((1, 3, 1, 12), 2)):
            add('DEPTH_TO_SPACE', types, f'{size} of {"x".join(map(str, shape))}',
                lambda b: block(b, types, shape, size))
    for types in ('float32', 'int8', 'uint8', 'int16', 'int32', 'int64'):
        for words, shape, sizes in BLOCKS:
            pads = [[0, 0]] * len(sizes)
            add('SPACE_TO_BATCH_ND', types, words, lambda b: to_batch(b, types, shape, sizes, pads))
            padded = [[s, 0] for s in sizes]
            add('SPACE_TO_BATCH_ND', types, words + ' padded',
                lambda b: to_batch(b, types, shape, sizes, padded))
            add('BATCH_TO_SPACE_ND', types, words, lambda b: to_space(b, types, shape, sizes, pads))
            crops = [[1, 0] if s > 1 else [0, 0] for s in sizes]
            add('BATCH_TO_SPACE_ND', types, words + ' cropped',
                lambda b: to_space(b, types, shape, sizes, crops))
