#!/usr/bin/env python
"""Copies a small part of the kernel grid to kernel_goldens/OP.bin, for replaying without Python or LiteRT.

A file holds, little endian: the 8 bytes "TNKGOLD1", a u32 count, then each golden:
  name, types, resolver     text
  model                     bytes
  error                     text; not empty where LiteRT refuses, then there are no outputs
  inputs, outputs           u32 count, then each: dtype text, u32 rank, u32 sizes.., bytes
  bounds                    f64 per output: the largest difference allowed between finite elements; 0 for integers
Text and bytes are a u32 length and that many bytes. Inputs and outputs stand in the model's order.
"""

import collections
import json
import os
import struct
import sys

import numpy as np

import kernel_truth

HERE = os.path.dirname(os.path.abspath(__file__))
CACHE = os.path.expanduser(os.environ.get('TOUCANET_CACHE', '~/.cache/toucanet'))
BUDGET = 1_000_000
LARGEST = 2600
AFFINE = {'CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'TRANSPOSE_CONV', 'BATCH_MATMUL'}


def blob(data):
    data = data.encode() if isinstance(data, str) else data
    return struct.pack('<I', len(data)) + data


def tensors(arrays):
    made = [struct.pack('<I', len(arrays))]
    for value in arrays:
        sizes = struct.pack(f'<{1 + value.ndim}I', value.ndim, *value.shape)
        made += [blob(value.dtype.name), sizes, blob(np.ascontiguousarray(value, value.dtype.newbyteorder('<')).tobytes())]
    return b''.join(made)


def golden(entry, folder, truth, resolver, sample):
    """The bytes of one golden, and whether LiteRT runs it; None where no single bound does."""
    arrays = dict(np.load(os.path.join(folder, entry['name'] + '.npz')))
    outputs, error = kernel_truth.answer(arrays, sample, resolver)
    fed = kernel_truth.feeds(arrays, sample)
    bounds = [truth.bound(entry, want, fed) for want in outputs or []]
    if None in bounds:
        return None
    with open(os.path.join(folder, entry['name'] + '.tflite'), 'rb') as f:
        model = f.read()
    text = blob(entry['name']) + blob(entry['types']) + blob(resolver) + blob(model) + blob(error or '')
    return text + tensors(fed) + tensors(outputs or []) + struct.pack(f'<{len(bounds)}d', *bounds), error is None


def choose(entries, folder, truth):
    """At least two of an operator's types that run, spread over its cases, and one refusal if there is any."""
    made = []
    for i, entry in enumerate(entries):
        resolver, _ = truth.resolver(entry)
        if resolver is None:
            continue
        sample = [0, entry['samples'] - 1][i % 2]
        sample = sample if truth.judges(entry, sample) else 0
        one = golden(entry, folder, truth, resolver, sample) or golden(entry, folder, truth, resolver, 0)
        if one and len(one[0]) <= LARGEST:
            made.append(one)
    running, refused = [d for d, r in made if r], [d for d, r in made if not r]
    count = 4 if entries[0]['op'] in AFFINE and entries[0]['types'] != 'float32' else 2
    spread = sorted(running, key=len)[:max(count, len(running) // 2)]
    spread = [d for d in running if d in spread]
    picked = [spread[i * (len(spread) - 1) // max(count - 1, 1)] for i in range(min(count, len(spread)))]
    return picked + refused[:1]


def main():
    folder = os.path.join(CACHE, 'kernels')
    with open(os.path.join(folder, 'index.json')) as f:
        index = json.load(f)
    groups, truth = collections.defaultdict(list), kernel_truth.Truth()
    for entry in index:
        groups[(entry['op'], entry['types'])].append(entry)
    files = collections.defaultdict(list)
    for (op, types), entries in sorted(groups.items()):
        picked = choose(entries, folder, truth)
        if len(picked) < 2:
            print(f'{op} {types}: {len(picked)} only')
        files[op] += picked
    target = os.path.join(HERE, 'kernel_goldens')
    os.makedirs(target, exist_ok=True)
    for file in os.listdir(target):
        if file.endswith('.bin'):
            os.remove(os.path.join(target, file))
    total = 0
    for op, goldens in files.items():
        data = b'TNKGOLD1' + struct.pack('<I', len(goldens)) + b''.join(goldens)
        total += len(data)
        with open(os.path.join(target, op + '.bin'), 'wb') as f:
            f.write(data)
    print(f'{sum(map(len, files.values()))} goldens of {len(groups)} operators and types, {total // 1024} KiB')
    return 0 if total <= BUDGET else 1


if __name__ == '__main__':
    sys.exit(main())
