"""Importing: fast, without numpy, alone and beside TensorFlow."""
import os
import shutil
import subprocess
import sys

import pytest
import toucanet

GRAPH = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../demo/digits/frozen_graph.pb"))
ORACLES = os.environ.get("TOUCANET_ORACLE_DIR", os.path.join(os.path.dirname(__file__), "../../.oracle"))
PARSE = """
import os
pbtxt = 'node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: 2 } } } } }' \\
        'node { name: "y" op: "Relu" input: "x" attr { key: "T" value { type: DT_FLOAT } } }'
open("g.pbtxt", "w").write(pbtxt)
def ours():
    assert toucanet.lite.TFLiteConverter.from_frozen_graph("g.pbtxt", ["x"], ["y"]).convert()[4:8] == b"TFL3"
def theirs():
    from google.protobuf import text_format
    g = text_format.Parse(pbtxt, tf.compat.v1.GraphDef())
    with tf.Graph().as_default():
        tf.import_graph_def(g)
"""


def run(python, code, **env):
    return subprocess.run([python, "-c", code], capture_output=True, text=True, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **env}, timeout=300)


def test_import_takes_less_than_100_ms_and_no_numpy():
    code = "import sys, time; t = time.process_time(); import toucanet; t = time.process_time() - t; assert 'numpy' not in sys.modules; print(t)"
    times = []
    for _ in range(10):  # processor time, and the best of ten: the machine may be busy
        done = run(sys.executable, code)
        assert done.returncode == 0, done.stderr
        times.append(float(done.stdout))
    assert min(times) < 0.1


def test_the_loader_flags_are_put_back():
    done = run(sys.executable, "import sys; a = sys.getdlopenflags(); import toucanet; assert sys.getdlopenflags() == a")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The package's folder alone."""
    d = tmp_path_factory.mktemp("alone")
    shutil.copytree(os.path.dirname(toucanet.__file__), d / "toucanet", ignore=shutil.ignore_patterns("__pycache__"))
    return str(d)


def oracle(name):
    python = os.path.join(ORACLES, name, "bin/python")
    if not os.path.exists(python):
        pytest.skip(f"no {name} in {ORACLES} (TOUCANET_ORACLE_DIR)")
    version = subprocess.run([python, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True).stdout.strip()
    if version != str(sys.version_info[:2]):
        pytest.skip(f"{name} has Python {version}, the extension was built for {sys.version_info[:2]}")
    return python


@pytest.mark.parametrize("name", ["tf215", "tf221"])
@pytest.mark.parametrize("order", ["ours first", "theirs first"])
def test_beside_tensorflow(name, order, folder, tmp_path):
    imports = ["import toucanet", "import tensorflow as tf"]
    first, second = imports if order == "ours first" else reversed(imports)
    code = f"import os; os.chdir({str(tmp_path)!r})\n{first}\n{second}\n{PARSE}\nours(); theirs(); ours(); theirs()\n"
    code += "assert toucanet.float32 == tf.float32 and tf.float32 == toucanet.float32 and tf.as_dtype(toucanet.int8) == tf.int8\n"
    code += "assert {toucanet.uint8} == {tf.uint8} and tf.dtypes.DType(1) == toucanet.float32\nprint('done')"
    done = run(oracle(name), code, PYTHONPATH=folder)
    assert done.returncode == 0 and "done" in done.stdout, done.stderr[-3000:]


SESSION = """
import os, numpy as np
import tensorflow as tf, toucanet
v1 = tf.compat.v1
for resource in (False, True):
    with tf.Graph().as_default(), v1.Session() as sess:
        x = v1.placeholder(tf.float32, [None, 3], name="x")
        w = v1.get_variable("w", initializer=np.arange(6, dtype="f4").reshape(3, 2), use_resource=resource)
        y = tf.nn.relu(tf.matmul(x, w), name="y")
        sess.run(v1.global_variables_initializer())
        c = toucanet.lite.TFLiteConverter.from_session(sess, [x], [y])
        c.inference_type = tf.float32
        c.target_spec.supported_ops = {tf.lite.OpsSet.TFLITE_BUILTINS}
        model = c.convert()
        data = np.ones((2, 3), "f4")
        np.testing.assert_allclose(toucanet.evaluate(model, {"x": data})["y"], sess.run(y, {x: data}))
        assert c.report["inputs"][0]["shape"] == [-1, 3]
        interpreter = tf.lite.Interpreter(model_content=model)
        interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], [2, 3])
        interpreter.allocate_tensors()
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], data)
        interpreter.invoke()
        np.testing.assert_allclose(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]), sess.run(y, {x: data}))
        c.optimizations = {tf.lite.Optimize.DEFAULT}
        assert c.convert() and c.report["quantization"]["recipe"]["mode"] == "dynamic_range"
print("done")
"""


@pytest.mark.parametrize("name", ["tf215", "tf221"])
def test_from_session(name, folder):
    done = run(oracle(name), SESSION, PYTHONPATH=folder)
    assert done.returncode == 0 and "done" in done.stdout, done.stderr[-3000:]


def test_from_a_session_without_variables_needs_no_tensorflow():
    with open(GRAPH, "rb") as f:
        data = f.read()

    class GraphDef:
        node = ()

        def SerializeToString(self):  # noqa: N802
            return data

    class Session:
        class graph:  # noqa: N801
            @staticmethod
            def as_graph_def():
                return GraphDef()

    class Tensor:
        def __init__(self, name, shape=None, dtype=None):
            self.name, self.shape, self.dtype = name, shape, dtype

    c = toucanet.lite.TFLiteConverter.from_session(Session(), [Tensor("input:0", [None, 8, 8, 1], "float32")], [Tensor("softmax:0")])
    assert c.get_input_arrays() == ["input"]
    assert c.convert()[4:8] == b"TFL3"
