#!/usr/bin/env python
"""Writes the grid of small graphs with TensorFlow's own results (run it with TensorFlow 2.15.1's Python)."""

import argparse
import collections
import os
import sys
import time

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ.setdefault('TF_ENABLE_ONEDNN_OPTS', '0')
os.environ.setdefault('CUDA_VISIBLE_DEVICES', '')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--only', help='a regular expression on case names; the index then holds only these')
    parser.add_argument('--folder', help='where to write (default: grid/ in the cache)')
    parser.add_argument('--clear', action='store_true', help='remove old cases first')
    arguments = parser.parse_args()

    import tensorflow as tf
    tf.compat.v1.disable_eager_execution()
    tf.compat.v1.disable_control_flow_v2()
    tf.get_logger().setLevel('ERROR')
    import grid
    from grid import core

    folder = arguments.folder or os.path.join(core.CACHE, 'grid')
    if arguments.clear and os.path.isdir(folder):
        for file in os.listdir(folder):
            if file.endswith(('.pb', '.npz', '.json')):
                os.remove(os.path.join(folder, file))
    start = time.time()
    made = core.Grid(folder, arguments.only)
    grid.add_all(made)
    made.write()
    counts = collections.Counter(e['family'] for e in made.index)
    for family, count in sorted(counts.items()):
        print(f'{count:5d}  {family}')
    print(f'{len(made.index):5d}  cases in {time.time() - start:.1f} s, in {folder}')
    for name, message in made.errors:
        print(f'not built: {name}: {message}')
    return 0 if not made.errors else 1


if __name__ == '__main__':
    sys.exit(main())
