"""Matrix products: transposes, dynamic operands, batches, einsum."""

import tensorflow as tf

from .core import dims


def cases(add):
    for ta in (False, True):
        for tb in (False, True):
            words = ' '.join(w for w, f in (('a transposed', ta), ('b transposed', tb)) if f) or 'plain'
            left, right = ((3, 2) if ta else (2, 3)), ((4, 3) if tb else (3, 4))

            def product(b, a, c):
                return b.op('MatMul', a=a, b=c, transpose_a=ta, transpose_b=tb)
            add('MatMul', words, lambda b: product(b, b.x(left), b.c(right)))
            add('MatMul', f'{words} both fed', lambda b: product(b, b.x(left), b.x(right)))
            add('MatMul', f'{words} left constant', lambda b: product(b, b.c(left), b.x(right)))
            add('MatMul', f'{words} with bias', lambda b: tf.nn.bias_add(product(b, b.x(left), b.c(right)), b.c((4,))))
            add('MatMul', f'{words} with bias and relu', lambda b: tf.nn.relu(product(b, b.x(left), b.c(right)) + b.c((4,))))
            add('MatMul', f'{words} both fed with bias', lambda b: product(b, b.x(left), b.x(right)) + b.c((4,)))
            if not ta:
                add('MatMul', f'{words} of an unknown batch', lambda b: product(b, b.x((None, 3)), b.c(right)))
            for dtype in ('int32', 'int64', 'float64', 'half'):
                add('MatMul', f'{words} {dtype}', lambda b: product(b, b.x(left, dtype), b.c(right, dtype)))
            for left3, right3 in [((2, 2, 3), (2, 3, 4)), ((1, 2, 3), (3, 3, 4)), ((2, 1, 2, 3), (3, 3, 4)), ((2, 3), (2, 3, 4)),
                                  ((2, 2, 3), (3, 4))]:
                a3 = (*left3[:-2], left3[-1], left3[-2]) if ta else left3
                b3 = (*right3[:-2], right3[-1], right3[-2]) if tb else right3
                where = f'{words} {dims(a3)} and {dims(b3)}'
                add('BatchMatMulV2', where, lambda b: b.op('BatchMatMulV2', x=b.x(a3), y=b.x(b3), adj_x=ta, adj_y=tb))
                add('BatchMatMulV2', f'{where} right constant', lambda b: b.op(
                    'BatchMatMulV2', x=b.x(a3), y=b.c(b3), adj_x=ta, adj_y=tb))
                if left3[:-2] == right3[:-2] and len(left3) > 2:
                    for op in ('BatchMatMul', 'BatchMatMulV3'):
                        more = {'Tout': 'float32'} if op == 'BatchMatMulV3' else {}
                        add(op, where, lambda b: b.op(op, x=b.x(a3), y=b.x(b3), adj_x=ta, adj_y=tb, **more))
                        add(op, f'{where} left constant', lambda b: b.op(op, x=b.c(a3), y=b.x(b3), adj_x=ta, adj_y=tb, **more))
    add('MatMul', 'shared weights', shared)
    add('MatMul', 'weights and their transpose', tied)
    add('MatMul', 'vector as a row', lambda b: b.op('MatMul', a=tf.expand_dims(b.x((3,)), 0), b=b.c((3, 4))))
    add('MatMul', 'outer product', lambda b: b.op('MatMul', a=b.x((3, 1)), b=b.x((1, 4))))
    add('MatMul', 'of flattened images', lambda b: b.op('MatMul', a=tf.reshape(b.x((2, 2, 3, 2)), [-1, 12]), b=b.c((12, 3))))
    add('MatMul', 'of flattened images of a batch', lambda b: b.op(
        'MatMul', a=tf.reshape(b.x((None, 2, 3, 2)), [-1, 12]), b=b.c((12, 3))))
    add('MatMul', 'three in a row', lambda b: tf.matmul(tf.matmul(tf.matmul(b.x((2, 3)), b.c((3, 4))), b.c((4, 5))), b.c((5, 2))))
    add('MatMul', 'weights through transpose', lambda b: tf.matmul(b.x((2, 3)), tf.transpose(b.c((4, 3)))))
    add('MatMul', 'weights scaled in the graph', lambda b: tf.matmul(b.x((2, 3)), b.c((3, 4)) * 0.5))
    add('MatMul', 'fed weights transposed', lambda b: tf.matmul(b.x((2, 3)), tf.transpose(b.x((4, 3)))))
    add('MatMul', 'of int32 cast', lambda b: tf.matmul(tf.cast(b.x((2, 3), 'int32'), 'float32'), b.c((3, 4))))
    add('MatMul', 'with an empty batch', lambda b: tf.matmul(b.x((0, 3)), b.c((3, 4))))
    add('SparseMatMul', 'plain', lambda b: b.op('SparseMatMul', a=b.x((2, 3)), b=b.c((3, 4))))
    add('BatchMatMulV2', 'of an unknown batch', lambda b: b.op('BatchMatMulV2', x=b.x((None, 2, 3)), y=b.x((None, 3, 4))))
    add('BatchMatMulV2', 'of an unknown batch and constant', lambda b: b.op('BatchMatMulV2', x=b.x((None, 2, 3)), y=b.c((3, 4))))
    add('BatchMatMulV2', 'of unknown rows', lambda b: b.op('BatchMatMulV2', x=b.x((2, None, 3)), y=b.x((2, 3, 4))))
    add('BatchMatMulV2', 'of an int32', lambda b: b.op('BatchMatMulV2', x=b.x((2, 2, 3), 'int32'), y=b.x((2, 3, 2), 'int32')))
    add('BatchMatMulV2', 'with bias and relu', lambda b: tf.nn.relu(tf.matmul(b.x((2, 2, 3)), b.c((3, 4))) + b.c((4,))))
    add('BatchMatMulV2', 'attention', attention)
    add('BatchMatMulV2', 'attention of an unknown batch', lambda b: attention(b, None))
    add('BatchMatMulV2', 'of rank 5', lambda b: b.op('BatchMatMulV2', x=b.x((1, 2, 1, 2, 3)), y=b.x((2, 2, 3, 2))))
    for equation, left, right in [('ab,bc->ac', (2, 3), (3, 4)), ('abc,cd->abd', (2, 2, 3), (3, 4)),
                                  ('bqhd,bkhd->bhqk', (1, 3, 2, 4), (1, 3, 2, 4)), ('ab,cb->ac', (2, 3), (4, 3)),
                                  ('abc,acd->abd', (2, 2, 3), (2, 3, 2)), ('abc,cde->abde', (2, 2, 3), (3, 2, 2))]:
        add('Einsum', equation.replace('->', ' to ').replace(',', ' and '), lambda b: b.op(
            'Einsum', inputs=[b.x(left), b.x(right)], equation=equation))
        add('Einsum', equation.replace('->', ' to ').replace(',', ' and ') + ' right constant', lambda b: b.op(
            'Einsum', inputs=[b.x(left), b.c(right)], equation=equation))
    for equation, right in [('abc,cd->abd', (3, 4)), ('abc,dc->abd', (4, 3)), ('bac,cd->abd', (3, 4)), ('cab,cd->abd', (3, 4)), ('abc,c->ab', (3,)), ('abc,cde->abde', (3, 2, 2))]:
        shape = tuple(3 if a == 'c' else None for a in equation[:3])
        add('Einsum', equation.replace('->', ' to ').replace(',', ' and ') + ' of two unknown sizes', lambda b: b.op(
            'Einsum', inputs=[b.x(shape, fed=[{'a': 2, 'b': 4, 'c': 3}[a] for a in equation[:3]]), b.c(right)], equation=equation))
    for rank in (3, 4):
        add('MatMul', f'tensordot rank {rank}', lambda b: tf.tensordot(b.x((2, 2, 2, 3)[-rank:]), b.c((3, 4)), [[rank - 1], [0]]))
        add('MatMul', f'tensordot rank {rank} of a batch', lambda b: tf.tensordot(
            b.x((None, 2, 2, 3)[4 - rank:] if rank == 4 else (None, 2, 3)), b.c((3, 4)), [[rank - 1], [0]]))


def shared(b):
    w = b.c((3, 3))
    return tf.matmul(tf.nn.relu(tf.matmul(b.x((2, 3)), w) * 2.), w)


def tied(b):
    w = b.c((3, 4))
    return tf.matmul(tf.tanh(tf.matmul(b.x((2, 3)), w)), w, transpose_b=True)


def attention(b, batch=2):
    q, k, v = (b.x((batch, 4, 6), fed=[2, 4, 6]) for _ in range(3))
    split = lambda t: tf.transpose(tf.reshape(t, [-1, 4, 2, 3]), [0, 2, 1, 3])
    scores = tf.nn.softmax(tf.matmul(split(q), split(k), transpose_b=True) * 0.577)
    return tf.reshape(tf.transpose(tf.matmul(scores, split(v)), [0, 2, 1, 3]), [-1, 4, 6])
