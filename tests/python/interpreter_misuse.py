"""Uses and misuses of the interpreter. Each case is run here against toucanet and, by record_interpreter_messages.py, against
TensorFlow and LiteRT. A case gets the module's Interpreter and OpResolverType; what it returns is recorded by its repr."""
import os

import numpy as np

MODELS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "models")
X = np.ones((1, 4), np.float32)


def path(name):
    return os.path.join(MODELS, name + ".tflite")


def ready(I, name="dense", **more):  # noqa: E741
    m = I(model_path=path(name), **more)
    m.allocate_tensors()
    return m


def first(m):
    return m.get_input_details()[0]["index"]


def last(m):
    return m.get_output_details()[0]["index"]


def load(**arguments):
    return lambda I, R: I(**arguments) and None  # noqa: E741


def unallocated(f):
    return lambda I, R: f(I(model_path=path("dense")))  # noqa: E741


def dense(f):
    return lambda I, R: f(ready(I))  # noqa: E741


def runner(key, f):
    return lambda I, R: f(I(model_path=path("signatures")).get_signature_runner(key))  # noqa: E741


def held(f):
    """While an array points into the interpreter."""

    def run(I, R):  # noqa: E741
        m = ready(I)
        view = m.tensor(first(m))()
        try:
            f(m)
        finally:
            del view

    return run


def resized(dims, then, strict=False):
    def run(I, R):  # noqa: E741
        m = ready(I)
        m.resize_tensor_input(first(m), dims, strict=strict)
        return then(m)

    return run


def grow(m):
    m.allocate_tensors()
    m.set_tensor(first(m), np.ones((3, 4), np.float32))
    m.invoke()
    d = m.get_input_details()[0]
    return m.get_tensor(last(m)).shape, d["shape"].tolist(), d["shape_signature"].tolist()


def details(m):
    """Without "index", which counts tensors of the runtime's own."""
    return [{k: v for k, v in d.items() if k != "index"} for d in m.get_input_details() + m.get_output_details()]


CASES = {
    "no model": load(),
    "path and content": load(model_path="m.tflite", model_content=b"x"),
    "no such file": load(model_path="/nonexistent/m.tflite"),
    "content that is no model": load(model_content=b"garbage" * 10),
    "content as text": load(model_content="abc"),
    "no threads": load(model_path=path("dense"), num_threads=0),
    "threads that are no integer": load(model_path=path("dense"), num_threads=1.5),
    "resolver of another type": load(model_path=path("dense"), experimental_op_resolver_type=17),
    "custom operator without a function": lambda I, R: ready(I, "custom"),  # noqa: E741
    "invoke before allocate": unallocated(lambda m: m.invoke()),
    "set before allocate": unallocated(lambda m: m.set_tensor(first(m), X)),
    "get before allocate": unallocated(lambda m: m.get_tensor(last(m))),
    "view before allocate": unallocated(lambda m: m.tensor(last(m))()),
    "set float64": dense(lambda m: m.set_tensor(first(m), X.astype(np.float64))),
    "set int32": dense(lambda m: m.set_tensor(first(m), X.astype(np.int32))),
    "set a list": dense(lambda m: m.set_tensor(first(m), X.tolist())),
    "set a scalar": dense(lambda m: m.set_tensor(first(m), 3.0)),
    "set another dimension": dense(lambda m: m.set_tensor(first(m), X[:, :3])),
    "set another rank": dense(lambda m: m.set_tensor(first(m), X[0])),
    "set a strided array": dense(lambda m: (m.set_tensor(first(m), np.arange(8, dtype=np.float32).reshape(1, 8)[:, ::2]), m.get_tensor(first(m)).tolist())[1]),
    "set a negative index": dense(lambda m: m.set_tensor(-1, X)),
    "get a negative index": dense(lambda m: m.get_tensor(-1)),
    "view a negative index": dense(lambda m: m.tensor(-1)()),
    "set an output": dense(lambda m: m.set_tensor(last(m), np.zeros((1, 3), np.float32))),
    "resize to a negative dimension": resized([1, -2], lambda m: None),
    "resize a negative index": dense(lambda m: m.resize_tensor_input(-1, [1])),
    "resize to what does not fit": resized([1, 5], lambda m: m.allocate_tensors()),
    "resize the batch": resized([3, 4], grow),
    "resize strictly": resized([3, 4], grow, True),
    "resize strictly what is fixed": resized([1, 5], lambda m: None, True),
    "resize strictly to another rank": resized([1, 4, 1], lambda m: None, True),
    "invoke after a resize": resized([3, 4], lambda m: m.invoke()),
    "set after a resize": resized([3, 4], lambda m: m.set_tensor(first(m), np.ones((3, 4), np.float32))),
    "get after a resize": resized([3, 4], lambda m: m.get_tensor(last(m))),
    "invoke while a view is held": held(lambda m: m.invoke()),
    "allocate while a view is held": held(lambda m: m.allocate_tensors()),
    "resize while a view is held": held(lambda m: m.resize_tensor_input(first(m), [3, 4])),
    "set while a view is held": held(lambda m: m.set_tensor(first(m), X)),
    "get while a view is held": held(lambda m: m.get_tensor(first(m)) is None),
    "details": dense(details),
    "details of another subgraph": dense(lambda m: m.get_tensor_details(5)),
    "signatures of a model without": dense(lambda m: m.get_signature_list()),
    "signatures": lambda I, R: I(model_path=path("signatures")).get_signature_list(),  # noqa: E741
    "runner of a model without signatures": dense(lambda m: m.get_signature_runner()),
    "runner of which signature": runner(None, lambda r: None),
    "runner of no such signature": runner("subtract", lambda r: None),
    "runner": runner("add", lambda r: r(x=np.float32([1])) ["result"].tolist()),
    "runner of the second subgraph": runner("multiply", lambda r: {k: v.tolist() for k, v in r(x=np.float32([2, 3]), y=np.float32([4, 5])).items()}),
    "runner resizes": runner("add", lambda r: r(x=np.float32([1, 2, 3]))["result"].tolist()),
    "runner resizes to another rank": runner("add", lambda r: r(x=np.float32([[1, 2]]))["result"].tolist()),
    "runner of a fixed shape": runner("multiply", lambda r: r(x=np.ones(3, np.float32), y=np.ones(3, np.float32))["product"].tolist()),
    "runner without inputs": runner("add", lambda r: r()),
    "runner with one too many": runner("add", lambda r: r(x=np.float32([1]), z=1)),
    "runner with another name": runner("add", lambda r: r(z=np.float32([1]))),
    "runner by position": runner("add", lambda r: r(1)),
    "runner of another type": runner("add", lambda r: r(x=np.int64([1]))),
    "names of the runner's inputs": runner("multiply", lambda r: (sorted(r.get_input_details()), sorted(r.get_output_details()))),
    "operators": dense(lambda m: [(o["index"], o["op_name"]) for o in m._get_ops_details()][:3]),
    "no such attribute": dense(lambda m: m.foo),
    "between tensors, not preserved": lambda I, R: ready(I).get_tensor(3),  # noqa: E741
    "between tensors, preserved": lambda I, R: kept(ready(I, experimental_preserve_all_tensors=True)),  # noqa: E741
    "strings": lambda I, R: strings(ready(I, "words")),  # noqa: E741
    "numbers for strings": lambda I, R: ready(I, "words").set_tensor(0, np.ones(2, np.float32)),  # noqa: E741
    "variables": lambda I, R: runs(ready(I, "counter"), 3),  # noqa: E741
}


def kept(m):
    m.set_tensor(first(m), X)
    m.invoke()
    return [np.round(m.get_tensor(i), 4).tolist() for i in (3, 4)]


def strings(m):
    """A result of strings, one of bool."""
    for d, values in zip(m.get_input_details(), ([b"one", "zwei ä".encode()], [b"two", "zwei ä".encode()])):
        m.set_tensor(d["index"], np.array(values, object))
    m.invoke()
    return [m.get_tensor(d["index"]).tolist() for d in m.get_output_details()]


def runs(m, count):
    found = []
    for _ in range(count):
        m.set_tensor(first(m), np.float32([2]))
        m.invoke()
        found.append(float(m.get_tensor(last(m))[0]))
    return found


def outcome(case, Interpreter, OpResolverType):
    """["returns", repr] or [exception's type, its text]."""
    try:
        return ["returns", " ".join(repr(CASES[case](Interpreter, OpResolverType)).split())]
    except Exception as e:  # noqa: BLE001
        return [type(e).__name__, str(e)]
