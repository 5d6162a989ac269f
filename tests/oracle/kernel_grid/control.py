"""IF, WHILE, CALL_ONCE, variables, random numbers: files of several subgraphs or operators."""

import numpy as np

from kernel_grid.core import Graph, Tensor, TYPES


def branch(name, op, types, shape, **options):
    """A subgraph of one operator on two operands."""
    g = Graph(name)
    ids = [g.tensor(Tensor(types, shape)) for _ in range(3)]
    g.operator(op, ids[:2], ids[2:], **options)
    g.inputs, g.outputs = ids[:2], ids[2:]
    return g


def conditional(b, types, shape, nested=False):
    g = Graph()
    condition, x, y, out = (g.tensor(t) for t in (Tensor('bool', ()), Tensor(types, shape), Tensor(types, shape), Tensor(types, shape)))
    g.operator('IF', [condition, x, y], [out], then_subgraph_index=1, else_subgraph_index=2)
    g.inputs, g.outputs = [condition, x, y], [out]
    b.graph = [g, branch('then', 'ADD', types, shape), branch('else', 'MUL', types, shape)]
    values = [g.tensors[i].feed(b.rng, 'random', 0) for i in (x, y)]
    b.fixed = [[True, *values], [False, *values]]


def loop(b, types, shape, limit):
    """i counts to the limit, x grows by itself."""
    main, condition, body = Graph(), Graph('condition'), Graph('body')
    make = lambda g: [g.tensor(Tensor('int32', ())), g.tensor(Tensor(types, shape))]
    ins, outs = make(main), make(main)
    main.operator('WHILE', ins, outs, cond_subgraph_index=1, body_subgraph_index=2)
    main.inputs, main.outputs = ins, outs
    i, x = make(condition)
    end, less = condition.tensor(Tensor('int32', (), data=np.asarray(limit))), condition.tensor(Tensor('bool', ()))
    condition.operator('LESS', [i, end], [less])
    condition.inputs, condition.outputs = [i, x], [less]
    i, x = make(body)
    one = body.tensor(Tensor('int32', (), data=np.asarray(1)))
    next_i, next_x = make(body)
    body.operator('ADD', [i, one], [next_i])
    body.operator('ADD', [x, x], [next_x])
    body.inputs, body.outputs = [i, x], [next_i, next_x]
    b.graph = [main, condition, body]
    value = main.tensors[ins[1]].feed(b.rng, 'random', 0)
    b.fixed = [[np.asarray(start), value] for start in (0, 2, limit)]


def variable(b, types, shape, through_call_once):
    """A variable gets a value, then is read and added to the input."""
    main, start = Graph(), Graph('start')
    value = np.asarray(b.rng.integers(-5, 5, shape), types)
    where = start if through_call_once else main
    handle = where.tensor(Tensor('resource', ()))
    constant = where.tensor(Tensor(types, shape, data=value))
    if through_call_once:
        main.operator('CALL_ONCE', [], [], init_subgraph_index=1)
    where.operator('VAR_HANDLE', [], [handle], container=b'', shared_name=b'v')
    where.operator('ASSIGN_VARIABLE', [handle, constant], [])
    if through_call_once:
        handle = main.tensor(Tensor('resource', ()))
        main.operator('VAR_HANDLE', [], [handle], container=b'', shared_name=b'v')
    x, read, out = (main.tensor(Tensor(types, shape)) for _ in range(3))
    main.operator('READ_VARIABLE', [handle], [read])
    main.operator('ADD', [x, read], [out])
    main.inputs, main.outputs = [x], [out]
    b.graph = [main, start] if through_call_once else [main]


def random(b, dims, seed):
    b.c('int32', dims)
    b.y('float32')
    b.options(seed=seed, seed2=seed + 3)


def cases(add):
    for types in ('float32', 'int32', 'int64'):
        for shape in ((3,), (2, 3), ()):
            words = 'x'.join(map(str, shape)) or 'scalar'
            add('IF', types, words, lambda b: conditional(b, types, shape))
            add('WHILE', types, words, lambda b: loop(b, types, shape, 4))
        for op, once in (('CALL_ONCE', True), ('READ_VARIABLE', False)):
            for shape in ((3,), (2, 2)):
                add(op, types, 'x'.join(map(str, shape)), lambda b: variable(b, types, shape, once))
    for seed in (1, 17):
        for dims in ([3, 4], [7]):
            add('RANDOM_UNIFORM', 'float32', f'seed {seed} {"x".join(map(str, dims))}',
                lambda b: random(b, dims, seed))
