"""Ways to misuse the converter. Each case is run here against toucanet and, by record_messages.py, against TensorFlow."""
import os

DIGITS = os.path.join(os.path.dirname(__file__), "../../demo/digits")
X = 'node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } %s }\n'
SHAPE = 'attr { key: "shape" value { shape { %s } } }'
RELU = 'node { name: "y" op: "Relu" input: "x" attr { key: "T" value { type: DT_FLOAT } } }\n'
VARIABLE = ('node { name: "v" op: "VariableV2" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { } } }'
            ' attr { key: "container" value { s: "" } } attr { key: "shared_name" value { s: "" } } }\n')
FILES = {
    "ok.pbtxt": X % (SHAPE % "dim { size: 1 } dim { size: 4 }") + RELU,
    "batch.pbtxt": X % (SHAPE % "dim { size: -1 } dim { size: 4 }") + RELU,
    "inner.pbtxt": X % (SHAPE % "dim { size: 1 } dim { size: -1 }") + RELU,
    "unranked.pbtxt": X % (SHAPE % "unknown_rank: true") + RELU,
    "half.pbtxt": (X % (SHAPE % "dim { size: 4 }") + RELU).replace("DT_FLOAT", "DT_QINT8").replace("Relu", "Identity"),
    "variable.pbtxt": X % "" + RELU + VARIABLE,
    "noop.pbtxt": X % "" + RELU + 'node { name: "init" op: "NoOp" }\n',
    "dangling.pbtxt": X % (SHAPE % "dim { size: 4 }") + RELU.replace('input: "x"', 'input: "z"'),
    "dangling1.pbtxt": X % (SHAPE % "dim { size: 4 }") + RELU.replace('input: "x"', 'input: "x:1"'),
    "twice.pbtxt": X % (SHAPE % "dim { size: 4 }") + RELU + RELU,
    "cycle.pbtxt": X % (SHAPE % "dim { size: 4 }") + RELU.replace('input: "x"', 'input: "y"'),
    "words.pb": "these are words, not a graph\n",
    "junk.pb": b"\xff\xfe\x00\x01 no graph",
    "empty.pb": b"",
}


def write_files(folder):
    for name, content in FILES.items():
        with open(os.path.join(folder, name), "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
    with open(os.path.join(DIGITS, "frozen_graph.pb"), "rb") as f, open(os.path.join(folder, "digits.pb"), "wb") as g:
        data = f.read()
        g.write(data)
    with open(os.path.join(folder, "cut.pb"), "wb") as g:
        g.write(data[:-700])


def ok(tf, d, file="ok.pbtxt", shapes=None):
    return tf.compat.v1.lite.TFLiteConverter.from_frozen_graph(os.path.join(d, file), ["x"], ["y"], shapes)


def load(file, inputs=("x",), outputs=("y",), shapes=None):
    return lambda tf, d: tf.compat.v1.lite.TFLiteConverter.from_frozen_graph(os.path.join(d, file), list(inputs) if isinstance(inputs, tuple) else inputs, list(outputs), shapes)


def attributes(file="ok.pbtxt", **values):
    """convert() after setting attributes; a callable value gets tf."""

    def run(tf, d):
        c = ok(tf, d, file)
        for k, v in values.items():
            setattr(c, k, v(tf) if callable(v) else v)
        c.convert()

    return run


def target(shared=None, **values):
    """convert() after setting fields of target_spec and, by `shared`, attributes."""

    def run(tf, d):
        c = ok(tf, d)
        for k, v in values.items():
            setattr(c.target_spec, k, v(tf))
        for k, v in (shared or {}).items():
            setattr(c, k, v(tf))
        c.convert()

    return run


def _arrays(tf, d):
    tf.compat.v1.lite.TFLiteConverter(graph(tf, d), None, None).convert()


def graph(tf, d):
    """The GraphDef behind ok.pbtxt, as the converter of `tf` takes it."""
    return ok(tf, d)._graph_def


def _arrays_stats(tf, d):
    c = tf.compat.v1.lite.TFLiteConverter(graph(tf, d), None, None, [("x", [1, 4])], ["y"])
    c.inference_type = tf.uint8
    c.convert()


class Tensor:
    def __init__(self, name):
        self.name, self.shape, self.dtype = name, [1, 4], None


def _colons(tf, d):
    tf.compat.v1.lite.TFLiteConverter(graph(tf, d), [Tensor("a:0:1")], [Tensor("y:0")]).get_input_arrays()


def _v2(method, *args):
    return lambda tf, d: getattr(tf.lite.TFLiteConverter, method)(*[a.format(dir=d) if isinstance(a, str) else a for a in args])


def _batch(tf, d):
    tf.compat.v1.lite.TFLiteConverter(graph(tf, d), None, None, [("x", [1, 4])], ["y"])._set_batch_size(1)


DEFAULT = lambda tf: {tf.lite.Optimize.DEFAULT}  # noqa: E731
INT8_OPS = lambda tf: {tf.lite.OpsSet.TFLITE_BUILTINS_INT8}  # noqa: E731
CASES = {
    "missing file": load("nothing.pb"),
    "words instead of a graph": load("words.pb"),
    "bytes that are no text": load("junk.pb"),
    "empty file": load("empty.pb"),
    "file cut short": load("cut.pb"),
    "a node reads one that does not exist": load("dangling.pbtxt"),
    "a node reads a result that does not exist": load("dangling1.pbtxt"),
    "two nodes of one name": load("twice.pbtxt"),
    "a cycle": load("cycle.pbtxt"),
    "a folder": load(""),
    "an input twice": lambda tf, d: tf.compat.v1.lite.TFLiteConverter.from_frozen_graph(os.path.join(d, "ok.pbtxt"), ["x", "x"], ["y"]).convert(),
    "not frozen": load("variable.pbtxt"),
    "input misspelt": load("digits.pb", ("inpt",), ("softmax",)),
    "output misspelt": load("digits.pb", ("input",), ("softmx", "sftmax")),
    "name with :0": load("ok.pbtxt", ("x:0",)),
    "name with :1": load("ok.pbtxt", ("x",), ("y:1",)),
    "node without results": load("noop.pbtxt", ("x",), ("init",)),
    "names as one string": load("ok.pbtxt", "xyz"),
    "name as bytes": load("ok.pbtxt", (b"x",)),
    "no names": load("ok.pbtxt", None),
    "shape of another tensor": load("ok.pbtxt", shapes={"z": [1]}),
    "shape contradicts": load("ok.pbtxt", shapes={"x": [1, 5]}),
    "shape contradicts behind the batch": load("batch.pbtxt", shapes={"x": [3, 5]}),
    "rank contradicts": load("ok.pbtxt", shapes={"x": [1, 4, 1]}),
    "negative dimension": load("batch.pbtxt", shapes={"x": [-1, 4]}),
    "no output": lambda tf, d: tf.compat.v1.lite.TFLiteConverter.from_frozen_graph(os.path.join(d, "ok.pbtxt"), ["x"], []).convert(),
    "type without a counterpart": lambda tf, d: ok(tf, d, "half.pbtxt").convert(),
    "old converter, no shape": attributes("unranked.pbtxt", experimental_new_converter=False),
    "old converter, inner None": attributes("inner.pbtxt", experimental_new_converter=False),
    "inference_type uint8 without stats": attributes(inference_type=lambda tf: tf.uint8),
    "inference_type int8 without stats": attributes(inference_type=lambda tf: tf.int8),
    "inference_input_type uint8 without stats": attributes(inference_input_type=lambda tf: tf.uint8),
    "inference_type float16": attributes(inference_type=lambda tf: tf.float16),
    "inference_input_type int32": attributes(inference_input_type=lambda tf: tf.int32),
    "stats of another input": attributes(quantized_input_stats={"z": (0.0, 1.0)}),
    "int8 ops without data": target(supported_ops=INT8_OPS),
    "int8 ops, DEFAULT, without data": target(supported_ops=INT8_OPS, shared={"optimizations": DEFAULT}),
    "int8 ops and float16 type": target(supported_ops=INT8_OPS, supported_types=lambda tf: [tf.float16]),
    "int8 type without data": target(supported_types=lambda tf: [tf.int8]),
    "float16 and variables": target(supported_types=lambda tf: [tf.float16], shared={"_experimental_variable_quantization": lambda tf: True}),
    "bias type of a float model": attributes(_experimental_full_integer_quantization_bias_type=lambda tf: tf.int32),
    "bias type of int8": target(shared={"optimizations": DEFAULT, "representative_dataset": lambda tf: iter, "_experimental_full_integer_quantization_bias_type": lambda tf: tf.int64}),
    "bias type of int16": target(
        supported_ops=lambda tf: {tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8},
        shared={"optimizations": DEFAULT, "representative_dataset": lambda tf: iter, "_experimental_full_integer_quantization_bias_type": lambda tf: tf.int8},
    ),
    "StableHLO and builtins": target(supported_ops=lambda tf: [tf.lite.OpsSet.EXPERIMENTAL_STABLEHLO_OPS, tf.lite.OpsSet.TFLITE_BUILTINS]),
    "optimizations None": attributes(optimizations=None),
    "output_format unknown": attributes(output_format=7),
    "neither tensors nor arrays": _arrays,
    "arrays, uint8 without stats": _arrays_stats,
    "tensor name with two colons": _colons,
    "batch size without tensors": _batch,
    "V2: not a concrete function": _v2("from_concrete_functions", [1]),
    "V2: no saved model": _v2("from_saved_model", "{dir}/nothing"),
    "V1: no saved model": lambda tf, d: tf.compat.v1.lite.TFLiteConverter.from_saved_model(d + "/nothing"),
    "V1: no Keras file": lambda tf, d: tf.compat.v1.lite.TFLiteConverter.from_keras_model_file(d + "/nothing.h5"),
    "V2: convert no function": lambda tf, d: tf.lite.TFLiteConverter([]).convert(),
    "toco_convert with too many arguments": lambda tf, d: tf.compat.v1.lite.toco_convert(None, [], [], 1),
}
