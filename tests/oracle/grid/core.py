"""Builds one small graph at a time, runs it in TensorFlow and stores graph, feeds and results."""

import json
import os
import re
import zlib

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
raw = tf.raw_ops

CACHE = os.path.expanduser(os.environ.get('TOUCANET_CACHE', '~/.cache/toucanet'))
NAMES = ['x', 'y', 'z', 'w', 'u', 'v']


def session_config():
    """TensorFlow's own kernels, without rewriting the graph first."""
    config = v1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    config.graph_options.optimizer_options.opt_level = -1
    return config


def dims(shape):
    """A shape in words: 2x3, with n for a dimension not known."""
    return 'x'.join('n' if d is None else str(d) for d in shape) or 'scalar'


def slug(text):
    return re.sub(r'-+', '-', re.sub(r'[^a-z0-9.]+', '-', text.lower())).strip('-')


def random_array(rng, shape, dtype, low=None, high=None):
    """Values of a dtype: floats around zero, integers that are small, both signs where there are any."""
    dtype = np.dtype(dtype)
    if dtype == np.bool_:
        return rng.random(shape) < 0.5
    if dtype.kind in 'iu':
        low = (0 if dtype.kind == 'u' else -9) if low is None else low
        return rng.integers(low, 10 if high is None else high, shape).astype(dtype)
    if dtype.kind == 'c':
        return (rng.normal(size=shape) + 1j * rng.normal(size=shape)).astype(dtype)
    if low is None:
        return np.asarray(rng.normal(size=shape) * 1.5).astype(dtype)
    return np.asarray(rng.uniform(low, high, shape)).astype(dtype)


class Builder:
    """What a case uses to build its graph."""

    def __init__(self, name):
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))
        self.inputs = []       # (tensor, array)
        self.edit = None       # changes the GraphDef before it is stored, and run unless there are twins
        self.shapes = None     # --shapes
        self.compare = 'values'
        self.twins = {}        # output name -> the tensor that gives its values (not stored in the graph)

    def data(self, shape, dtype='float32', low=None, high=None):
        return random_array(self.rng, shape, dtype, low, high)

    def x(self, shape, dtype='float32', low=None, high=None, data=None, fed=None, name=None):
        """A placeholder and what is fed to it; None dimensions are fed as `fed`, 3 otherwise."""
        name = name or NAMES[len(self.inputs)]
        if shape is None:
            real = fed
        else:
            real = fed or [3 if d is None else d for d in shape]
        value = self.data(real, dtype, low, high) if data is None else np.asarray(data, dtype)
        tensor = v1.placeholder(dtype, shape, name=name)
        self.inputs.append((tensor, value))
        return tensor

    def c(self, shape, dtype='float32', low=None, high=None):
        """A constant of random values."""
        return tf.constant(self.data(shape, dtype, low, high))

    def op(self, op, **arguments):
        return getattr(raw, op)(**arguments)


def imported(definition):
    graph = tf.Graph()
    with graph.as_default():
        tf.import_graph_def(definition, name='')
    return graph


class Grid:
    """Collects cases; a case that cannot be built is reported."""

    def __init__(self, folder, only=None):
        self.folder, self.only = folder, only
        self.index, self.errors, self.names = [], [], set()
        self.family = ''
        self.config = session_config()
        os.makedirs(folder, exist_ok=True)

    def add(self, op, words, build):
        name = slug(f'{self.family} {op} {words}')
        if self.only and not re.search(self.only, name):
            return
        if name in self.names:
            self.errors.append((name, 'the name is taken'))
            return
        self.names.add(name)
        try:
            self.index.append(self.make(name, op, build))
        except Exception as error:  # one case must not stop the others
            text = ' '.join(str(error).replace('Graph execution error:', '').split())
            self.errors.append((name, f'{type(error).__name__}: {text[-300:]}'))

    def make(self, name, op, build):
        graph = tf.Graph()
        with graph.as_default():
            v1.set_random_seed(1)
            b = Builder(name)
            outputs = build(b)
            outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
            fetched = [t.name for t in outputs]
            feeds = [(t.name, v) for t, v in b.inputs]
            run = [b.twins.get(t.name, t).name for t in outputs]
            shapes = [(t.shape.as_list() if t.shape.rank is not None else None) for t, _ in b.inputs]
        definition = graph.as_graph_def()
        node = lambda n: n.split(':')[0]
        if b.twins:
            graph = imported(v1.graph_util.extract_sub_graph(
                definition, [node(n) for n in run + [n for n, _ in feeds]]))
            definition = v1.graph_util.extract_sub_graph(definition, [node(n) for n in fetched])
        if b.edit:
            b.edit(definition)
            graph = graph if b.twins else imported(definition)
        with v1.Session(graph=graph, config=self.config) as session:
            results = session.run(run, dict(feeds))
        arrays = {f'in_{i}': v for i, (_, v) in enumerate(feeds)}
        arrays.update({f'out_{i}': np.asarray(v) for i, v in enumerate(results)})
        with open(os.path.join(self.folder, name + '.pb'), 'wb') as f:
            f.write(definition.SerializeToString(deterministic=True))
        np.savez(os.path.join(self.folder, name + '.npz'), **arrays)
        bare = lambda n: n[:-2] if n.endswith(':0') else n
        entry = {
            'name': name, 'op': op, 'family': self.family,
            'inputs': [{'name': bare(n), 'dtype': str(v.dtype), 'fed': list(v.shape),
                        'shape': None if s is None else [-1 if d is None else d for d in s]}
                       for (n, v), s in zip(feeds, shapes)],
            'outputs': [{'name': bare(n), 'dtype': str(v.dtype), 'shape': list(np.shape(v))}
                        for n, v in zip(fetched, results)],
        }
        if b.shapes is not None:
            entry['shapes'] = b.shapes
        if b.compare != 'values':
            entry['compare'] = b.compare
        return entry

    def write(self):
        with open(os.path.join(self.folder, 'index.json'), 'w') as f:
            f.write('[\n' + ',\n'.join(json.dumps(e) for e in self.index) + '\n]\n')
