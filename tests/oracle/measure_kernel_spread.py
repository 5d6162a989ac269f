#!/usr/bin/env python
"""Writes into kernel_truth.json how far LiteRT's own sets of kernels are from each other, per operator and types.

Floats: the largest difference over the largest finite magnitude of a sample; integers: the largest difference in units
and the part of the elements that differ. Samples that hold NaN, infinities or magnitudes above 1e6 are left out.
"""

import collections
import json
import os

import numpy as np

import kernel_truth

CACHE = os.path.expanduser(os.environ.get('TOUCANET_CACHE', '~/.cache/toucanet'))
PAIRS = [('ref', 'opt'), ('ref', 'xnn'), ('opt', 'xnn')]
SMALL = 2e-7  # one unit in the last place, about


def tame(arrays):
    return all(v.dtype.kind != 'f' or (np.isfinite(v).all() and kernel_truth.magnitude(v) <= 1e6) for v in arrays)


def measure(entries, folder, ignore):
    """{(op, types, result type): {pair: [largest, differing, all]}}"""
    spread = collections.defaultdict(lambda: {p: [0.0, 0, 0] for p in PAIRS})
    for entry in entries:
        if ignore(entry):
            continue
        arrays = dict(np.load(os.path.join(folder, entry['name'] + '.npz')))
        for sample in range(entry['samples']):
            if not tame(kernel_truth.feeds(arrays, sample)):
                continue
            answers = {r: kernel_truth.answer(arrays, sample, r)[0] for pair in PAIRS for r in pair}
            for one, other in PAIRS:
                for x, y in zip(answers[one] or [], answers[other] or []):
                    if x.size and x.shape == y.shape and tame([x, y]):
                        add(spread[(entry['op'], entry['types'], x.dtype.name)][(one, other)], x, y)
    return spread


def add(total, x, y):
    gap = np.abs(x.astype(np.float64) - y.astype(np.float64)).max()
    total[0] = max(total[0], float(gap / max(kernel_truth.magnitude(x), 1e-30) if x.dtype.kind == 'f' else gap))
    total[1] += int((x != y).sum())
    total[2] += x.size


def row(key, pairs):
    made = {'operator': key[0], 'types': key[1], 'result': key[2]}
    for (one, other), (largest, differing, count) in pairs.items():
        if differing and largest > (SMALL if key[2].startswith('float') else 0):
            made[f'{one}-{other}'] = [float(f'{largest:.2g}'), float(f'{differing / count:.2g}')]
    return made if len(made) > 3 else None


def main():
    folder = os.path.join(CACHE, 'kernels')
    with open(os.path.join(folder, 'index.json')) as f:
        entries = json.load(f)
    truth = kernel_truth.Truth()
    spread = measure(entries, folder, lambda e: truth.resolver(e)[0] is None)
    rows = [r for r in (row(k, v) for k, v in sorted(spread.items())) if r]
    sections = dict(truth.table, spread={'reads': '[largest difference, part that differs]; relative for floats, units for integers', 'rows': rows})
    with open(kernel_truth.FILE, 'w') as f:
        f.write(render(sections))
    print(f'{len(rows)} of {len(spread)} rows differ among themselves')


def render(sections):
    """JSON with one rule a line."""
    return '{\n' + ',\n'.join(f' {json.dumps(k)}: {block(v)}' for k, v in sections.items()) + '\n}\n'


def block(value, indent=1):
    pad = ' ' * indent
    if isinstance(value, list):
        return '[\n' + ',\n'.join(f'{pad} {json.dumps(v)}' for v in value) + f'\n{pad}]' if value and isinstance(value[0], dict) else json.dumps(value)
    if isinstance(value, dict):
        return '{\n' + ',\n'.join(f'{pad} {json.dumps(k)}: {block(v, indent + 1)}' for k, v in value.items()) + f'\n{pad}}}'
    return json.dumps(value)


if __name__ == '__main__':
    main()
