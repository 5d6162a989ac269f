#!/usr/bin/env python
"""Writes single-operator .tflite files with LiteRT's answers from its three sets of kernels (run with LiteRT 2.3.0's Python).

NAME.tflite and NAME.npz: inputs in0.., answers ref_out0.., opt_out0.., xnn_out0.. or ref_error and so on. Later samples
carry a prefix: s1_in0, s1_ref_out0. A text of ref_error begins with the step: load, allocate, invoke or crash.
"""

import argparse
import collections
import json
import os
import sys
import threading
import time

import numpy as np

import kernel_truth
from kernel_worker import Worker


def find_shapes(case, worker):
    """Output shapes as LiteRT computes them, for the file; where it refuses, the first input's."""
    outputs, _ = worker.ask('opt', case.model(), case.feeds[:1])[0]
    if outputs is None:
        outputs, _ = worker.ask('ref', case.model(), case.feeds[:1])[0]
    for i, tensor in enumerate(case.made):
        if outputs is not None:
            tensor.shape = list(outputs[i].shape)
        elif tensor.shape is None:
            tensor.shape = list(case.fed[0].shape) if case.fed else []


def record(case, folder, worker):
    """Writes one case; returns its entry of the index."""
    find_shapes(case, worker)
    model = case.model()
    arrays, errors = kernel_truth.recorded(worker, model, case.feeds)
    with open(os.path.join(folder, case.name + '.tflite'), 'wb') as f:
        f.write(model)
    np.savez(os.path.join(folder, case.name + '.npz'), **arrays)
    return {'name': case.name, 'op': case.op, 'types': case.types, 'samples': len(case.feeds),
            'depth': case.depth, 'bytes': len(model), 'errors': errors}


def record_all(cases, folder, jobs):
    todo, entries, lock = collections.deque(cases), {}, threading.Lock()

    def loop():
        worker = Worker('litert')
        while True:
            with lock:
                if not todo:
                    break
                case = todo.popleft()
            entries[case.name] = record(case, folder, worker)
        worker.close()

    threads = [threading.Thread(target=loop) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [entries[c.name] for c in cases]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--only', help='a regular expression on case names; the index then holds only these')
    parser.add_argument('--folder', help='where to write (default: kernels/ in the cache)')
    parser.add_argument('--jobs', type=int, default=2)
    arguments = parser.parse_args()
    import kernel_grid
    from kernel_grid import core
    folder = arguments.folder or os.path.join(core.CACHE, 'kernels')
    os.makedirs(folder, exist_ok=True)
    for file in os.listdir(folder):
        if file.endswith(('.tflite', '.npz', '.json')) and not arguments.only:
            os.remove(os.path.join(folder, file))
    start = time.time()
    grid = core.Grid(arguments.only)
    kernel_grid.add_all(grid)
    index = record_all(grid.cases, folder, arguments.jobs)
    with open(os.path.join(folder, 'index.json'), 'w') as f:
        json.dump(index, f, indent=0)
    report(index, grid.errors)
    print(f'{len(index)} files in {time.time() - start:.1f} s, in {folder}')
    return 1 if grid.errors else 0


def report(index, problems):
    counts = collections.defaultdict(collections.Counter)
    for entry in index:
        counts[(entry['op'], entry['types'])].update(['files'] + list(entry['errors']))
    print(f'{"operator":28s}{"types":10s}{"files":>6s}   with an error in: {"ref":>4s}{"opt":>5s}{"xnn":>5s}')
    for (op, types), c in sorted(counts.items()):
        print(f'{op:28s}{types:10s}{c["files"]:6d}{"":21s}{c["ref"]:4d}{c["opt"]:5d}{c["xnn"]:5d}')
    for name, message in problems:
        print(f'not built: {name}: {message}')


if __name__ == '__main__':
    sys.exit(main())
