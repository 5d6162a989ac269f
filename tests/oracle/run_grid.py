#!/usr/bin/env python
"""Converts every case of the grid, runs it in LiteRT and compares it with TensorFlow's results.

Run it with a Python that has ai-edge-litert. TOUCANET names the converter.
"""

import argparse
import collections
import json
import os
import queue
import re
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
GRID = os.path.join(os.path.expanduser(os.environ.get('TOUCANET_CACHE', '~/.cache/toucanet')), 'grid')
TOUCANET = os.environ.get('TOUCANET', os.path.join(HERE, '..', '..', '.venv', 'bin', 'toucanet'))
STATUSES = ['right', 'wrong', 'refused', 'verification-failed', 'litert-rejects', 'crash', 'known']
BAD = ('wrong', 'verification-failed', 'litert-rejects', 'crash')
CONVERT_SECONDS, RUN_SECONDS = 60, 60


class Worker:
    """A LiteRT process that is started again when it dies."""

    def __init__(self, kernels):
        self.kernels, self.process = kernels, None

    def ask(self, request):
        if self.process is None:
            self.process = subprocess.Popen([sys.executable, os.path.join(HERE, 'litert_worker.py'), self.kernels],
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            self.process.stdin.write(json.dumps(request) + '\n')
            self.process.stdin.flush()
            ready, _, _ = select.select([self.process.stdout], [], [], RUN_SECONDS)
            line = self.process.stdout.readline() if ready else ''
        except BrokenPipeError:
            line = ''
        if line:
            return json.loads(line)
        code = self.process.poll()
        self.close()
        return {'status': 'crash', 'message': f'LiteRT: {"no answer" if code is None else f"exit {code}"}'}

    def close(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def shapes_of(entry):
    """--shapes where the graph does not say enough: a case asks for it."""
    return ['--shapes=' + entry['shapes']] if 'shapes' in entry else []


def first_error(report, stderr):
    errors = report.get('errors') or []
    if errors:
        notes = errors[0].get('notes') or []
        return ' '.join([errors[0].get('code', ''), errors[0].get('message', ''), *notes[:1]]).strip()[:300]
    return ' '.join(stderr.split())[-200:]


def convert(entry, model):
    """(status, message, report); status is None when a file was written."""
    command = [TOUCANET, 'convert', os.path.join(GRID, entry['name'] + '.pb'), '-o', model, '--json', '--quiet']
    if entry['inputs']:
        command += ['--inputs', ','.join(t['name'] for t in entry['inputs'])]
    command += shapes_of(entry) + ['--outputs', ','.join(t['name'] for t in entry['outputs'])]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=CONVERT_SECONDS, errors='replace')
    except subprocess.TimeoutExpired:
        return 'crash', 'converter: no answer', {}
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = {}
    if done.returncode == 0 and os.path.exists(model):
        return None, '', report
    status = {1: 'refused', 2: 'refused', 3: 'refused', 4: 'verification-failed'}.get(done.returncode, 'crash')
    if status == 'crash':
        return status, f'converter: exit {done.returncode} {" ".join(done.stderr.split())[-200:]}', report
    return status, first_error(report, done.stderr), report


def run_case(entry, model, worker):
    if os.path.exists(model):
        os.remove(model)
    status, message, report = convert(entry, model)
    result = {'name': entry['name'], 'op': entry['op'], 'family': entry['family']}
    if status is None:
        request = {'model': model, 'npz': os.path.join(GRID, entry['name'] + '.npz'), 'outputs': entry['outputs'],
                   'inputs': entry['inputs'], 'compare': entry.get('compare', 'values')}
        answer = worker.ask(request)
        status, message = answer['status'], answer.get('message', '')
        result['difference'] = answer.get('difference')
        result['operators'] = report.get('operator_counts')
        result['verification'] = (report.get('verification') or {}).get('status')
    result.update(status=status, message=message)
    if status == 'verification-failed':
        result['difference'] = (report.get('verification') or {}).get('largest_difference')
        result['message'] = (report.get('verification') or {}).get('reason') or message
    return result


def run_all(cases, jobs, kernels, keep):
    todo, results, folder = queue.SimpleQueue(), {}, keep or tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    for case in cases:
        todo.put(case)

    def loop(number):
        worker = Worker(kernels)
        while True:
            try:
                entry = todo.get_nowait()
            except queue.Empty:
                break
            model = os.path.join(folder, (entry['name'] if keep else str(number)) + '.tflite')
            results[entry['name']] = run_case(entry, model, worker)
            if sys.stderr.isatty() and len(results) % 50 == 0:
                print(f'\r{len(results)} of {len(cases)}', end='', file=sys.stderr)
        worker.close()

    threads = [threading.Thread(target=loop, args=(i,)) for i in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if sys.stderr.isatty():
        print('\r', end='', file=sys.stderr)
    if not keep:
        shutil.rmtree(folder)
    return [results[c['name']] for c in cases]


def excuse(results):
    """Results that are LiteRT's own, wrong or noticed by verification, become known."""
    with open(os.path.join(HERE, 'known_differences.txt')) as f:
        rules = [line.rstrip('\n').split('\t') for line in f if line.strip() and not line.startswith('#')]
    for r in results:
        for pattern, why in rules:
            if r['status'] in ('wrong', 'verification-failed') and re.search(pattern, r['name']):
                r.update(status='known', message=f"{r['message']} ({why})")


def table(results, key):
    rows = collections.defaultdict(collections.Counter)
    for r in results:
        rows[r[key]][r['status']] += 1
    width = max(map(len, rows), default=0)
    print(f'{key:{width}}' + ''.join(f'{s:>{max(len(s), 6) + 2}}' for s in STATUSES))
    for name, counts in [*sorted(rows.items()), ('all', collections.Counter(r['status'] for r in results))]:
        print(f'{name:{width}}' + ''.join(f'{counts[s] or ".":>{max(len(s), 6) + 2}}' for s in STATUSES))
    print()


def general(message):
    """A message without names and numbers, to count like ones together."""
    code, _, rest = message.partition(' ')
    return code + ' ' + re.sub(r'-?\d+(\.\d+)?', 'N', re.sub(r"'[^']*'|\"[^\"]*\"", 'NAME', rest))


def listings(results):
    for status in ('known', *BAD[::-1]):
        some = [r for r in results if r['status'] == status]
        if some:
            print(f'{status} ({len(some)}):')
            for r in some:
                gap = r.get('difference')
                print(f"  {r['name']}" + (f'  [{gap:.3g}]' if gap is not None else '') + f"  {r['message']}")
            print()
    groups = collections.defaultdict(list)
    for r in results:
        if r['status'] == 'refused':
            groups[general(r['message'])].append(r)
    if groups:
        print('refused, by message:')
        for _, some in sorted(groups.items(), key=lambda g: -len(g[1])):
            ops = collections.Counter(r['op'] for r in some)
            print(f"  {len(some):4d}  {some[0]['message']}")
            print('        ' + ', '.join(f'{op} {n}' for op, n in ops.most_common(12)) + f"; for example {some[0]['name']}")
        print()


def against_toco(results, path):
    with open(path) as f:
        toco = {r['name']: r['status'] for r in json.load(f)}
    both = [r for r in results if r['name'] in toco]
    cross = collections.Counter((toco[r['name']], r['status']) for r in both)
    mine = collections.Counter(r['status'] for r in both)
    theirs = collections.Counter(toco[r['name']] for r in both)
    print(f"TOCO right {theirs['right']} of {len(both)}, ours right {mine['right']}")
    print(f"TOCO wrong {theirs['wrong']}, ours wrong {mine['wrong']}")
    for (a, c), n in sorted(cross.items()):
        print(f'  TOCO {a:15} ours {c:20} {n}')
    worse = [r['name'] for r in both if toco[r['name']] == 'right' and r['status'] != 'right']
    if worse:
        print('right in TOCO only:\n  ' + '\n  '.join(worse))
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--only', help='a regular expression on case names')
    parser.add_argument('--op', help='cases of one operator')
    parser.add_argument('--every', type=int, default=1, help='only every n-th case')
    parser.add_argument('--json', metavar='PATH', help='write all results')
    parser.add_argument('--keep', metavar='FOLDER', help='keep the .tflite files')
    parser.add_argument('--kernels', choices=['plain', 'default'], default='plain', help="LiteRT's plain kernels, or its default delegate")
    parser.add_argument('--toco-table', metavar='PATH', help="compare with TOCO's results (toco.py)")
    parser.add_argument('-j', type=int, default=2, help='workers')
    arguments = parser.parse_args()

    with open(os.path.join(GRID, 'index.json')) as f:
        cases = json.load(f)
    cases = [c for c in cases if (not arguments.only or re.search(arguments.only, c['name']))
             and (not arguments.op or c['op'] == arguments.op)][::arguments.every]
    start = time.time()
    results = run_all(cases, arguments.j, arguments.kernels, arguments.keep)
    excuse(results)
    table(results, 'op')
    table(results, 'family')
    listings(results)
    if arguments.toco_table:
        against_toco(results, arguments.toco_table)
    counts = collections.Counter(r['status'] for r in results)
    print(', '.join(f'{counts[s]} {s}' for s in STATUSES) + f' of {len(results)} in {time.time() - start:.0f} s')
    if arguments.json:
        with open(arguments.json, 'w') as f:
            json.dump(results, f, indent=1)
    return 1 if any(counts[s] for s in BAD) else 0


if __name__ == '__main__':
    sys.exit(main())
