#!/usr/bin/env python
"""Runs TensorFlow's own TOCO on the grid and keeps what became of every case (run it with TensorFlow 2.15.1's Python).

A case is right, wrong, refused (a Python error), abort (the process died) or litert-rejects.
Shapes that are not known are given as they are fed, as TOCO converts static shapes only.
"""

import argparse
import collections
import json
import os
import re
import select
import signal
import sys
import time

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')
os.environ.setdefault('TF_ENABLE_ONEDNN_OPTS', '0')
os.environ.setdefault('CUDA_VISIBLE_DEVICES', '')

import numpy as np

import compare

CACHE = os.path.expanduser(os.environ.get('TOUCANET_CACHE', '~/.cache/toucanet'))
GRID = os.path.join(CACHE, 'grid')
SECONDS = 60


def examine(entry, tf, new):
    """In a child process: convert, run, compare."""
    arrays = np.load(os.path.join(GRID, entry['name'] + '.npz'))
    inputs = [t['name'] for t in entry['inputs']]
    try:
        converter = tf.compat.v1.lite.TFLiteConverter.from_frozen_graph(
            os.path.join(GRID, entry['name'] + '.pb'), inputs, [t['name'] for t in entry['outputs']],
            {t['name']: t['fed'] for t in entry['inputs']})
        converter.experimental_new_converter = new
        model = converter.convert()
    except Exception as error:
        return 'refused', reason(str(error))
    try:
        plain = tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        interpreter = tf.lite.Interpreter(model_content=model, num_threads=1, experimental_op_resolver_type=plain)
        interpreter.allocate_tensors()
        known = {d['name'].split(':')[0]: d['index'] for d in interpreter.get_input_details()}
        for i, name in enumerate(inputs):
            if name in known and arrays[f'in_{i}'].size:
                interpreter.set_tensor(known[name], arrays[f'in_{i}'])
        interpreter.invoke()
        results = [np.zeros(d['shape'], d['dtype']) if 0 in d['shape'] else interpreter.get_tensor(d['index'])
                   for d in interpreter.get_output_details()]
    except Exception as error:
        return 'litert-rejects', reason(str(error))
    if len(results) != len(entry['outputs']):
        return 'wrong', f"{len(results)} outputs instead of {len(entry['outputs'])}"
    for i, tensor in enumerate(entry['outputs']):
        message, _ = compare.difference(results[i], arrays[f'out_{i}'], entry.get('compare', 'values'))
        if message:
            return 'wrong', f"{tensor['name']}: {message}"
    return 'right', ''


def reason(text):
    """The line of a long message that tells why."""
    found = re.search(r'custom implementations: *([^.]*)', text)
    if found:
        return 'no builtin: ' + found.group(1).strip()
    lines = [l.strip() for l in text.splitlines() if l.strip()]
    for mark in ('Check failed', ' F ', 'supported'):
        for line in lines:
            if mark in line:
                return re.sub(r'^.*?\.cc:\d+\] ', '', line)[:300]
    return (lines[-1] if lines else '')[-300:]


def start(entry, tf, new):
    """Forks a child for a case; returns (pid, pipe)."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reader)
            log = os.path.join('/tmp', f'toco-{os.getpid()}.log')
            handle = os.open(log, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
            os.dup2(handle, 1)
            os.dup2(handle, 2)
            status = examine(entry, tf, new)
            os.write(writer, json.dumps(status).encode())
            os.unlink(log)
        finally:
            os._exit(0)
    os.close(writer)
    return pid, reader


def finish(pid, reader, killed):
    text = b''
    while chunk := os.read(reader, 65536):
        text += chunk
    os.close(reader)
    _, code = os.waitpid(pid, 0)
    log = os.path.join('/tmp', f'toco-{pid}.log')
    said = ''
    if os.path.exists(log):
        with open(log, errors='replace') as f:
            said = reason(f.read())
        os.unlink(log)
    if text:
        return tuple(json.loads(text))
    return 'abort', 'no answer' if killed else f'signal {os.WTERMSIG(code) if os.WIFSIGNALED(code) else code}: {said}'


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--only', help='a regular expression on case names')
    parser.add_argument('--every', type=int, default=1, help='only every n-th case')
    parser.add_argument('--table', default=os.path.join(CACHE, 'toco.json'), help='where to write the table')
    parser.add_argument('-j', type=int, default=1, help='children at a time')
    parser.add_argument('--new-converter', action='store_true', help='TensorFlow\'s converter that came after TOCO instead')
    arguments = parser.parse_args()

    import tensorflow as tf
    from tensorflow.lite.python import convert
    convert._deprecated_conversion_binary = ''  # in this process: the children may die
    tf.get_logger().setLevel('ERROR')

    with open(os.path.join(GRID, 'index.json')) as f:
        cases = json.load(f)
    cases = [c for c in cases if not arguments.only or re.search(arguments.only, c['name'])][::arguments.every]
    begin, running, results, todo = time.time(), {}, {}, list(cases)[::-1]
    while todo or running:
        while todo and len(running) < arguments.j:
            entry = todo.pop()
            pid, reader = start(entry, tf, arguments.new_converter)
            running[reader] = (entry, pid, time.time())
        ready, _, _ = select.select(list(running), [], [], 1.0)
        late = [r for r in running if r not in ready and time.time() - running[r][2] > SECONDS]
        for reader in ready + late:
            entry, pid, _ = running.pop(reader)
            if reader in late:
                os.kill(pid, signal.SIGKILL)
            status, message = finish(pid, reader, reader in late)
            results[entry['name']] = {**{k: entry[k] for k in ('name', 'op', 'family')}, 'status': status, 'message': message}
            if len(results) % 200 == 0:
                write(arguments.table, cases, results)
    write(arguments.table, cases, results)
    counts = collections.Counter(r['status'] for r in results.values())
    print(', '.join(f'{n} {s}' for s, n in counts.most_common()), f'of {len(results)} in {time.time() - begin:.0f} s, in {arguments.table}')


def write(path, cases, results):
    with open(path, 'w') as f:
        json.dump([results[c['name']] for c in cases if c['name'] in results], f, indent=0)


if __name__ == '__main__':
    sys.exit(main())
