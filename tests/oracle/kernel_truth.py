"""Which of LiteRT's answers is the truth for a file, and how close a result must be."""

import json
import math
import os
import re

import numpy as np

RESOLVERS = ['ref', 'opt', 'xnn']
HERE = os.path.dirname(os.path.abspath(__file__))
FILE, EXCEPTIONS = (os.path.join(HERE, name) for name in ('kernel_truth.json', 'kernel_exceptions.json'))
NAMES = {'optimized': 'opt', 'xnnpack': 'xnn'}  # as the operators' definitions call the resolvers


class Truth:
    """kernel_truth.json, and kernel_exceptions.json, which `make docs` writes from the operators' definitions."""

    def __init__(self):
        with open(FILE) as f, open(EXCEPTIONS) as g:
            self.table, self.exceptions = json.load(f), json.load(g)

    def resolver(self, entry):
        """('ref', 'opt' or 'xnn', reason); (None, reason) where LiteRT's answer is of no use."""
        for rule in self.table['deviations']:
            if re.fullmatch(rule['names'], entry['name']) and 'samples' not in rule:
                return None, rule['reason']
        for rule in self.exceptions:
            if rule['operator'] == entry['op'] and entry['types'] in rule['types']:
                return NAMES[rule['resolver']], rule['reason']
        errors = entry.get('errors', {})
        if errors.get('ref', '').startswith("load: Didn't find op") and 'opt' not in errors:
            return 'opt', 'an operator is not in the reference resolver, or not at that version'
        return self.table['default']['resolver'], self.table['default']['reason']

    def judges(self, entry, sample):
        """Whether LiteRT's answer to this sample is of use."""
        return not any(re.fullmatch(r['names'], entry['name']) and sample in r.get('samples', []) for r in self.table['deviations'])

    def difference(self, entry, got, want, fed):
        """'' where they agree, or what differs first; integers agree bit for bit."""
        if got.dtype != want.dtype:
            return f'{got.dtype.name} for {want.dtype.name}'
        if got.shape != want.shape:
            return f'shape {list(got.shape)} for {list(want.shape)}'
        if want.dtype.kind != 'f':
            wrong = got != want
        else:
            wrong = self.far(got.astype(np.float64), want.astype(np.float64), entry.get('depth', 1), self.scale(entry, want, fed))
        if not wrong.any():
            return ''
        at = tuple(int(i) for i in np.argwhere(wrong)[0])
        return f'{int(wrong.sum())} of {want.size} differ, first at {list(at)}: {got[at]} for {want[at]}'

    def scale(self, entry, want, fed):
        """What the bound is relative to."""
        by_input = any(e['operator'] == entry['op'] and e['measure'] == 'input' for e in self.table['bound']['exceptions'])
        if by_input and fed[0].shape == want.shape:
            return np.maximum(np.abs(fed[0]), 1e-3)
        return magnitude(want) if magnitude(want) <= 1e6 else np.maximum(np.abs(want), 1e-3)

    def bound(self, entry, want, fed):
        """The largest difference of any element as one number, 0 for integers; None where elements have their own."""
        if want.dtype.kind != 'f' or not want.size:
            return 0.0
        if magnitude(want) > 1e6:
            return None
        return self.relative(entry.get('depth', 1)) * float(np.max(self.scale(entry, want, fed)))

    def relative(self, depth):
        return self.table['bound']['relative'] * max(1.0, math.sqrt(depth / 64))

    def far(self, got, want, depth, scale):
        bound = self.relative(depth)
        finite = np.isfinite(want)
        with np.errstate(invalid='ignore'):
            close = np.abs(got - want) <= bound * scale
        return ~np.where(finite, close, (got == want) | (np.isnan(got) & np.isnan(want)))


def magnitude(array):
    """The largest finite absolute value."""
    finite = np.abs(np.asarray(array, np.float64))
    return finite[np.isfinite(finite)].max(initial=0.0)


def prefix(sample):
    """What the arrays of a later sample begin with."""
    return f's{sample}_' if sample else ''


def recorded(worker, model, feeds):
    """(arrays to store, first error of each resolver) of a model asked in LiteRT."""
    arrays, errors = {}, {}
    for s, values in enumerate(feeds):
        arrays.update({f'{prefix(s)}in{i}': v for i, v in enumerate(values)})
    for resolver in RESOLVERS:
        for s, (outputs, error) in enumerate(worker.ask(resolver, model, feeds)):
            if error is None:
                arrays.update({f'{prefix(s)}{resolver}_out{i}': v for i, v in enumerate(outputs)})
                continue
            error = re.sub(r' ?\(\d{6,} != \d{6,}\)', '', error)  # floats printed as integers: never the same
            arrays[f'{prefix(s)}{resolver}_error'] = np.asarray(error)
            errors.setdefault(resolver, error)
    return arrays, errors


def answer(arrays, sample, resolver):
    """(outputs, error) as one resolver gave them."""
    error = f'{prefix(sample)}{resolver}_error'
    if error in arrays:
        return None, str(arrays[error])
    outputs = []
    while f'{prefix(sample)}{resolver}_out{len(outputs)}' in arrays:
        outputs.append(arrays[f'{prefix(sample)}{resolver}_out{len(outputs)}'])
    return outputs, None


def feeds(arrays, sample):
    values = []
    while f'{prefix(sample)}in{len(values)}' in arrays:
        values.append(arrays[f'{prefix(sample)}in{len(values)}'])
    return values
