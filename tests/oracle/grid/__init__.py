"""A grid of small graphs for every operator in the scope, one module per family."""

import importlib

FAMILIES = [
    'unary', 'activation', 'binary', 'compare', 'intdiv', 'cast', 'conv', 'depthwise', 'pool', 'resize',
    'slices', 'pad', 'shapes', 'gather', 'index', 'join', 'matmul', 'diag', 'reduce', 'norm', 'blocks',
    'fakequant', 'constant', 'affine', 'patterns', 'rewrites', 'shapearith', 'dynamic', 'edges', 'networks',
    'decoders', 'expressed', 'corners', 'random',
]


def add_all(grid):
    """Adds every family's cases to the grid."""
    for family in FAMILIES:
        grid.family = family
        try:
            module = importlib.import_module(f'grid.{family}' if family != 'random' else 'grid.random_graphs')
            module.cases(grid.add)
        except Exception as error:
            grid.errors.append((family, f'{type(error).__name__}: {error}'))
