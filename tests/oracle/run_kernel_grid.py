#!/usr/bin/env python
"""Runs Toucanet's interpreter over the files of make_kernel_grid.py and compares it with LiteRT's recorded truth.

Run it with a Python that has toucanet and NumPy. kernel_truth.json and
kernel_exceptions.json say which of LiteRT's kernels is the truth.
"""

import argparse
import collections
import json
import os
import re
import sys
import threading

import numpy as np

import kernel_truth
from kernel_worker import Worker

CACHE = os.path.expanduser(os.environ.get('TOUCANET_CACHE', '~/.cache/toucanet'))
STATUSES = ['right', 'wrong', 'refused', 'both refuse', 'litert refuses', 'crash', 'known']
BAD = ('wrong', 'crash')


def index_of(folder):
    path = os.path.join(folder, 'index.json')
    if os.path.exists(path):
        with open(path) as f:
            return json.load(f)
    names = sorted(f[:-7] for f in os.listdir(folder) if f.endswith('.tflite'))
    return [{'name': n, 'op': n.split('-')[0], 'types': (n.split('-') + [''])[1]} for n in names]


def samples_of(entry, arrays):
    if 'samples' in entry:
        return entry['samples']
    return 1 + sum(1 for k in arrays if re.fullmatch(r's\d+_in0', k))


def judge(truth, entry, arrays, sample, resolver, answer):
    """(status, message) of one sample."""
    ours, error = answer
    wanted, refusal = kernel_truth.answer(arrays, sample, resolver)
    if error is not None and error.startswith('crash'):
        return 'crash', error
    if wanted is None:
        return ('both refuse', f'{error} | LiteRT: {refusal}') if error is not None else ('litert refuses', refusal)
    if error is not None:
        return 'refused', error
    if len(ours) != len(wanted):
        return 'wrong', f'{len(ours)} results for {len(wanted)}'
    for i, (got, want) in enumerate(zip(ours, wanted)):
        if entry['op'].startswith('RANDOM_') and got.shape == want.shape and got.dtype == want.dtype:
            continue  # the numbers are the generator's own
        message = truth.difference(entry, got, want, kernel_truth.feeds(arrays, sample))
        if message:
            return 'wrong', f'sample {sample}, result {i}: {message}'
    return 'right', ''


def run_file(truth, entry, folder, worker, kernels):
    """The worst status of a file's samples."""
    resolver, reason = truth.resolver(entry)
    result = {'name': entry['name'], 'op': entry['op'], 'types': entry['types'], 'truth': resolver}
    with np.load(os.path.join(folder, entry['name'] + '.npz')) as stored:
        arrays = dict(stored)
    with open(os.path.join(folder, entry['name'] + '.tflite'), 'rb') as f:
        model = f.read()
    fed = [kernel_truth.feeds(arrays, s) for s in range(samples_of(entry, arrays))]
    answers = worker.ask(kernels, model, fed)
    if resolver is None:
        crash = next((e for _, e in answers if e and e.startswith('crash')), None)
        return result | {'status': 'crash' if crash else 'known', 'message': crash or reason}
    judged = [judge(truth, entry, arrays, s, resolver, a) for s, a in enumerate(answers) if truth.judges(entry, s) or (a[1] or '').startswith('crash')]
    order = ['crash', 'wrong', 'refused', 'litert refuses', 'both refuse', 'right']
    status, message = min(judged, key=lambda j: order.index(j[0]))
    return result | {'status': status, 'message': message}


def run_all(entries, folder, kernels, jobs):
    todo, results, lock, truth = collections.deque(entries), {}, threading.Lock(), kernel_truth.Truth()

    def loop():
        worker = Worker('toucanet')
        while True:
            with lock:
                if not todo:
                    break
                entry = todo.popleft()
            results[entry['name']] = run_file(truth, entry, folder, worker, kernels)
            if sys.stderr.isatty() and len(results) % 50 == 0:
                print(f'\r{len(results)} of {len(entries)}', end='', file=sys.stderr)
        worker.close()

    threads = [threading.Thread(target=loop) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if sys.stderr.isatty():
        print('\r', end='', file=sys.stderr)
    return [results[e['name']] for e in entries]


def table(results):
    counts = collections.defaultdict(collections.Counter)
    for r in results:
        counts[(r['op'], r['types'])][r['status']] += 1
    width = max(len(op) for op, _ in counts) + 1
    heads = ['right', 'wrong', 'refused by us', 'both refuse', 'litert refuses', 'crash', 'known']
    print(f'{"operator":{width}s}{"types":9s}' + ''.join(f'{h:>15s}' for h in heads))
    for (op, types), c in sorted(counts.items()):
        print(f'{op:{width}s}{types:9s}' + ''.join(f'{c[s] or "":>15}' for s in STATUSES))
    total = collections.Counter(r['status'] for r in results)
    print(f'{len(results)} files: ' + ', '.join(f'{total[s]} {h}' for s, h in zip(STATUSES, heads) if total[s]))


def show(results, count):
    for status in ('crash', 'wrong', 'refused', 'litert refuses'):
        for r in [r for r in results if r['status'] == status][:count]:
            print(f'{status}: {r["name"]}: {r["message"]}')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--dir', default=os.path.join(CACHE, 'kernels'), help='the files (default: kernels/ in the cache)')
    parser.add_argument('--only', help='an operator, or a regular expression on file names')
    parser.add_argument('--resolver', choices=['ref', 'fast'], default='ref', help='which of our kernels')
    parser.add_argument('--show', type=int, default=0, metavar='N', help='print the first N of each kind that is not right')
    parser.add_argument('--json', metavar='FILE', help='write every result there')
    parser.add_argument('--jobs', type=int, default=2)
    arguments = parser.parse_args()
    entries = index_of(arguments.dir)
    if arguments.only:
        entries = [e for e in entries if e['op'] == arguments.only or re.search(arguments.only, e['name'])]
    if not entries:
        print(f'no files in {arguments.dir}: run make_kernel_grid.py first', file=sys.stderr)
        return 2
    results = run_all(entries, arguments.dir, arguments.resolver, arguments.jobs)
    table(results)
    show(results, arguments.show)
    if arguments.json:
        with open(arguments.json, 'w') as f:
            json.dump(results, f, indent=0)
    return 1 if any(r['status'] in BAD for r in results) else 0


if __name__ == '__main__':
    sys.exit(main())
