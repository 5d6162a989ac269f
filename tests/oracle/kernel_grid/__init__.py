"""Single-operator .tflite files for every builtin and type, one module per family."""

import importlib

FAMILIES = ['convolution', 'matmul', 'binary', 'activation', 'pool', 'reduce', 'resize', 'movement', 'indexing', 'conversion', 'control']


def add_all(grid):
    """Adds every family's cases to the grid."""
    for family in FAMILIES:
        importlib.import_module(f'kernel_grid.{family}').cases(grid.add)
