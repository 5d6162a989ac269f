#!/usr/bin/env python
"""Copies a small part of the grid to goldens/, for replaying without TensorFlow (needs NumPy and make_grid.py's cases)."""

import base64
import collections
import json
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
GRID = os.path.join(os.path.expanduser(os.environ.get('TOUCANET_CACHE', '~/.cache/toucanet')), 'grid')
SCOPE = os.path.join(HERE, '..', 'conformance', 'scope.txt')
DTYPES = {'float32', 'int32', 'int64', 'bool', 'uint8', 'int8', 'int16'}
LARGEST, BUDGET = 4500, 1_150_000
PER_FAMILY = {'Composite': 18, 'Random': 30, 'Network': 6}
LARGER = {'Random': 9000, 'Network': 22000}


def encoded(array):
    array = np.asarray(array)
    return base64.b64encode(array.astype(array.dtype.newbyteorder('<'), order='C').tobytes()).decode()


def line_of(entry):
    with open(os.path.join(GRID, entry['name'] + '.pb'), 'rb') as f:
        graph = f.read()
    arrays = np.load(os.path.join(GRID, entry['name'] + '.npz'))
    record = {'name': entry['name'], 'op': entry['op'], 'graph': base64.b64encode(graph).decode(), 'inputs': [], 'outputs': []}
    for side, prefix in (('inputs', 'in_'), ('outputs', 'out_')):
        for i, tensor in enumerate(entry[side]):
            value = arrays[f'{prefix}{i}']
            record[side].append({'name': tensor['name'], 'dtype': tensor['dtype'], 'shape': list(value.shape), 'data': encoded(value)})
    for key in ('shapes', 'compare'):
        if key in entry:
            record[key] = entry[key]
    return json.dumps(record, separators=(',', ':'))


def usable(entry):
    return all(t['dtype'] in DTYPES for t in entry['inputs'] + entry['outputs'])


def kind(entry):
    """What makes a case unlike another of its op."""
    dynamic = any(t['shape'] is None or -1 in t['shape'] for t in entry['inputs'])
    dtype = entry['inputs'][0]['dtype'] if entry['inputs'] else ''
    return (dynamic, entry['family'], dtype, len(entry['inputs']), len(entry['outputs']))


def choose(cases, count):
    """Evenly spread over the cases, new kinds first."""
    chosen, seen = [], set()
    spread = [cases[i * len(cases) // count] for i in range(count)] if len(cases) > count else cases
    dynamic = [c for c in cases if kind(c)[0]]
    for case in spread[:1] + dynamic[:1] + spread + cases:
        if len(chosen) < count and kind(case) not in seen:
            seen.add(kind(case))
            chosen.append(case)
    for case in spread + cases:
        if len(chosen) < count and case not in chosen:
            chosen.append(case)
    return chosen


def main():
    with open(os.path.join(GRID, 'index.json')) as f:
        index = json.load(f)
    scope = set(open(SCOPE).read().split()) if os.path.exists(SCOPE) else None
    groups, lines = collections.defaultdict(list), {}
    for entry in index:
        op = entry['op']
        if not usable(entry) or (scope and op not in scope and op not in PER_FAMILY):
            continue
        line = line_of(entry)
        if len(line) <= LARGER.get(op, LARGEST):
            lines[entry['name']] = line
            groups[(op, entry['family'] if op in PER_FAMILY else '')].append(entry)
    families = collections.defaultdict(list)
    for (op, _), cases in sorted(groups.items()):
        for entry in choose(cases, PER_FAMILY.get(op, min(3 + len(cases) // 20, 10))):
            families[entry['family']].append(lines[entry['name']])
    folder = os.path.join(HERE, 'goldens')
    os.makedirs(folder, exist_ok=True)
    for file in os.listdir(folder):
        if file.endswith('.jsonl'):
            os.remove(os.path.join(folder, file))
    total = 0
    for family, texts in sorted(families.items()):
        text = '\n'.join(texts) + '\n'
        total += len(text)
        with open(os.path.join(folder, family + '.jsonl'), 'w') as f:
            f.write(text)
        print(f'{len(texts):5d}  {len(text) // 1024:5d} KiB  {family}')
    print(f'{sum(map(len, families.values())):5d}  {total // 1024:5d} KiB  in all')
    missing = sorted(scope - {op for op, _ in groups}) if scope else []
    if missing:
        print('without a case:', ', '.join(missing))
    return 0 if total <= BUDGET else 1


if __name__ == '__main__':
    sys.exit(main())
