#!/usr/bin/env python
"""Quantises the float models of make_quantizer_models.py and compares each file with TensorFlow's of the same mode.

Judged per operator, in order: which operators there are, each tensor's type, scales (one unit in the last place) and zero
points, each stored constant. Then LiteRT runs our file: its reference kernels must give the bits that our interpreter
gives. Differences that are meant stand in quantizer_differences.txt with their reason.

Run it with a Python that has ai_edge_litert; TOUCANET is the program, TOUCANET_PYTHON a Python that has toucanet.
"""

import argparse
import collections
import fnmatch
import json
import os
import subprocess
import sys
import tempfile

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

import numpy as np

from kernel_worker import Worker
from make_quantizer_models import MODES

HERE = os.path.dirname(os.path.abspath(__file__))
CACHE = os.path.expanduser(os.environ.get('TOUCANET_CACHE', '~/.cache/toucanet'))


def known_differences():
    """[(name pattern, mode pattern, reason)]"""
    with open(os.path.join(HERE, 'quantizer_differences.txt')) as f:
        rows = [line.split(None, 2) for line in f if line.strip() and not line.startswith('#')]
    return [(n, m, reason.strip()) for n, m, reason in rows]


class Model:
    """Operators in order, each operand and result as (name, dtype, scales, zero points, constant)."""

    def __init__(self, path):
        from ai_edge_litert import interpreter as module
        self.interpreter = module.Interpreter(path, experimental_op_resolver_type=module.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
        self.interpreter.allocate_tensors()
        details = {d['index']: d for d in self.interpreter.get_tensor_details()}
        made = {int(i) for op in self.interpreter._get_ops_details() for i in op['outputs']} | {d['index'] for d in self.interpreter.get_input_details()}
        self.ops, self.steps = [], collections.Counter()
        for op in self.interpreter._get_ops_details():
            if op['op_name'] in ('QUANTIZE', 'DEQUANTIZE'):
                # Where these stand between the others is free, and those of constants too.
                self.steps[op['op_name']] += not all(details[int(i)]['name'] and int(i) not in made for i in op['inputs'])
                continue
            operands = [self.tensor(details[int(i)], int(i) not in made) for i in op['inputs'] if int(i) >= 0 and int(i) in details]
            self.ops.append((op['op_name'], operands, [self.tensor(details[int(i)], False) for i in op['outputs'] if int(i) in details]))

    def tensor(self, d, constant):
        q = d['quantization_parameters']
        value = self.interpreter.get_tensor(d['index']) if constant else None
        return d['name'], np.dtype(d['dtype']).name, q['scales'], q['zero_points'], value

    def shape(self):
        return ' '.join(name for name, _, _ in self.ops)

    def changes_of_type(self):
        return dict(sorted(self.steps.items()))


def different_tensor(ours, theirs):
    name, dtype, scales, zeros, value = ours
    _, dtype2, scales2, zeros2, value2 = theirs
    if dtype != dtype2:
        return f"'{name}' is {dtype}, TensorFlow's {dtype2}"
    if not np.issubdtype(np.dtype(dtype), np.integer) or not (len(scales) or len(scales2)):
        return ''
    if len(scales) != len(scales2):
        return f"'{name}' has {len(scales)} scales, TensorFlow's {len(scales2)}"
    far = np.abs(scales.astype(np.float64) - scales2) > np.spacing(np.maximum(scales, scales2))
    if far.any():
        i = int(np.argmax(far))
        return f"'{name}' has the scale {scales[i]!r}, TensorFlow's {scales2[i]!r}"
    if (zeros != zeros2).any():
        return f"'{name}' has the zero point {zeros[0]}, TensorFlow's {zeros2[0]}"
    if value is not None and value2 is not None and value.shape == value2.shape:
        apart = np.abs(value.astype(np.int64) - value2)
        # A scale that is one unit off moves a value between two levels, and a bias by its size in such units.
        if (apart > np.maximum(1, np.abs(value.astype(np.float64)) * 2.0 ** -22)).any():
            return f"'{name}' holds other numbers: {apart.max()} apart"
    return ''


def different(ours, theirs):
    if ours.shape() != theirs.shape():
        return f'operators: {ours.shape()}; TensorFlow: {theirs.shape()}'
    for (op, ins, outs), (_, ins2, outs2) in zip(ours.ops, theirs.ops):
        for a, b in zip(ins + outs, ins2 + outs2):
            message = different_tensor(a, b)
            if message:
                return f'{op}: {message}'
    if ours.changes_of_type() != theirs.changes_of_type():
        return f'{ours.changes_of_type()}; TensorFlow: {theirs.changes_of_type()}'
    return ''


def executed(path, workers):
    """Whether our interpreter's numbers are those of LiteRT's reference kernels; empty, or what differs."""
    litert, toucanet = workers
    with open(path, 'rb') as f:
        model = f.read()
    from ai_edge_litert import interpreter as module
    details = module.Interpreter(model_content=model).get_input_details()
    rng = np.random.default_rng(1)
    feeds = [[np.abs(rng.normal(size=d['shape']) * 2).astype(np.float32) + np.float32(0.1) for d in details] for _ in range(2)]
    wanted = litert.ask('ref', model, feeds)
    if "Didn't find op" in (wanted[0][1] or ''):  # the reference resolver lacks some operators and versions
        wanted = litert.ask('opt', model, feeds)
    for (want, error), (got, refusal) in zip(wanted, toucanet.ask('fast', model, feeds)):
        if error:
            return f'LiteRT: {error}'
        if refusal:
            return f'toucanet: {refusal}'
        for a, b in zip(want, got):
            if a.dtype.kind == 'f' and not np.allclose(a, b, rtol=1e-5, atol=1e-5, equal_nan=True):
                return f'the results differ by {np.max(np.abs(a - b)):.3g}'
            if a.dtype.kind != 'f' and (a != b).any():
                return 'the results differ'
    return ''


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--folder', default=os.path.join(CACHE, 'quantizer'), help='files of make_quantizer_models.py')
    parser.add_argument('--only', default='*', help='names, a shell pattern')
    parser.add_argument('--mode', default='*', help='modes, a shell pattern')
    a = parser.parse_args()
    with open(os.path.join(a.folder, 'index.json')) as f:
        index = json.load(f)
    program = os.environ.get('TOUCANET', 'toucanet')
    workers = Worker('litert'), Worker('toucanet', os.environ.get('TOUCANET_PYTHON', sys.executable))
    counts, known, larger, bad = collections.Counter(), known_differences(), 0, 0
    used = set()
    with tempfile.TemporaryDirectory() as folder:
        for name, modes in index.items():
            if not fnmatch.fnmatch(name, a.only) or 'calibrated' not in modes:
                continue
            for mode in MODES:
                if not fnmatch.fnmatch(mode, a.mode):
                    continue
                path = os.path.join(folder, f'{name}-{mode}.tflite')
                done = subprocess.run([program, 'quantize', os.path.join(a.folder, name + '.tflite'), '-o', path, '--mode', mode, '--quiet'], capture_output=True, text=True)
                status, message = 'equal', ''
                if done.returncode:
                    status, message = 'refused', ' '.join(done.stderr.split())[:200]
                else:
                    message = executed(path, workers)
                    if message:
                        status = 'wrong'
                    elif mode in modes:
                        try:
                            theirs = Model(os.path.join(a.folder, f'{name}-{mode}.tflite'))
                            message = different(Model(path), theirs)
                            status = 'different' if message else 'equal'
                        except Exception as error:
                            status, message = 'theirs broken', ' '.join(str(error).split())[:200]
                        larger += os.path.getsize(path) > os.path.getsize(os.path.join(a.folder, f'{name}-{mode}.tflite'))
                    else:
                        status = 'ours alone'
                reason = next((i for i, (n, m, _) in enumerate(known) if fnmatch.fnmatch(name, n) and fnmatch.fnmatch(mode, m)), None)
                if status in ('different', 'wrong') and reason is not None:
                    used.add(reason)
                    status = 'known'
                bad += status in ('refused', 'wrong', 'different')
                counts[mode, status] += 1
                if status not in ('equal', 'known', 'ours alone'):
                    print(f'{name:24s}{mode:16s}{status:12s}{message}', flush=True)
    for w in workers:
        w.close()
    for mode in MODES:
        print(f'{mode:16s}' + ', '.join(f'{n} {s}' for (m, s), n in sorted(counts.items()) if m == mode))
    print(f"{larger} files are larger than TensorFlow's")
    for i in set(range(len(known))) - used:
        if a.only == '*' and a.mode == '*':
            print('not needed any more:', *known[i])
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
