"""The converter from Python: the README's script, attributes, reuse, threads, evaluation."""
import logging
import os
import threading

import numpy as np
import pytest
import toucanet
import toucanet as tf

DIGITS = os.path.join(os.path.dirname(__file__), "../../demo/digits")
GRAPH = os.path.join(DIGITS, "frozen_graph.pb")
SHARED = os.path.join(os.environ.get("TOUCANET_SHARED", "../shared"), "models/mobilenet_v1_0.25_128/frozen_graph.pb")


def digits(**attributes):
    c = tf.lite.TFLiteConverter.from_frozen_graph(GRAPH, ["input"], ["softmax"])
    for k, v in attributes.items():
        setattr(c, k, v)
    return c


@pytest.mark.skipif(not os.path.exists(SHARED), reason="TOUCANET_SHARED has no mobilenet_v1_0.25_128")
def test_the_script(tmp_path, monkeypatch):
    os.symlink(os.path.abspath(SHARED), tmp_path / "frozen_graph.pb")
    monkeypatch.chdir(tmp_path)
    scope = {}
    exec(
        """
import toucanet as tf
converter = tf.lite.TFLiteConverter.from_frozen_graph("frozen_graph.pb", ["input"], ["MobilenetV1/Predictions/Softmax"])
tflite_model = converter.convert()
""",
        scope,
    )
    assert scope["tflite_model"][4:8] == b"TFL3"
    assert scope["converter"].report["verified"]


def test_digits_are_read_and_the_batch_stays_open():
    c = digits()
    model = c.convert()
    assert isinstance(model, bytes) and model[4:8] == b"TFL3"
    assert c.report["verified"] and c.report["inputs"][0]["shape"] == [-1, 8, 8, 1]
    images, labels = np.load(os.path.join(DIGITS, "images.npy")), np.load(os.path.join(DIGITS, "labels.npy"))
    probabilities = tf.evaluate(model, {"input": images.astype(np.float32)})["softmax"]
    assert probabilities.shape == (len(labels), 10) and probabilities.dtype == np.float32
    assert (probabilities.argmax(1) == labels).mean() >= 0.97
    one = tf.evaluate(model, {"input": images[:1].astype(np.float32)})["softmax"]
    np.testing.assert_array_equal(one, probabilities[:1])


def test_the_old_converter_fixes_the_batch():
    c = digits(experimental_new_converter=False)
    c.convert()
    assert c.report["inputs"][0]["shape"] == [1, 8, 8, 1]


def test_input_shapes_fill_what_is_open():
    c = tf.lite.TFLiteConverter.from_frozen_graph(GRAPH, ["input"], ["softmax"], {"input": [5, 8, 8, 1]})
    c.convert()
    assert c.report["inputs"][0]["shape"] == [5, 8, 8, 1]
    assert c.get_input_arrays() == ["input"]


def test_an_input_in_the_middle_and_two_outputs():
    c = tf.lite.TFLiteConverter.from_frozen_graph(GRAPH, ["flatten/Reshape"], ["softmax", "fc1/Relu"], {"flatten/Reshape": [None, 256]})
    c.convert()
    assert c.report["inputs"][0]["shape"] == [-1, 256]
    assert [o["name"] for o in c.report["outputs"]] == ["softmax", "fc1/Relu"]


def test_v1_takes_bytes_messages_and_tensors():
    with open(GRAPH, "rb") as f:
        data = f.read()

    class Message:
        def SerializeToString(self):  # noqa: N802
            return data

    class Tensor:
        def __init__(self, name, shape=None, dtype=None):
            self.name, self.shape, self.dtype = name, shape, dtype

    lite = tf.compat.v1.lite
    x, y = Tensor("input:0", (None, 8, 8, 1), np.float32), Tensor("softmax:0")
    expected = digits().convert()
    assert lite.TFLiteConverter(Message(), [x], [y]).convert() == expected
    assert lite.TFLiteConverter(data, None, None, [("input", [None, 8, 8, 1])], ["softmax"]).convert() == expected
    with pytest.warns(DeprecationWarning):
        assert lite.toco_convert(Message(), [x], [y], allow_custom_ops=True) == expected
    with pytest.warns(DeprecationWarning):
        assert lite.TocoConverter.from_frozen_graph(GRAPH, ["input"], ["softmax"]).convert() == expected
    with pytest.warns(DeprecationWarning):
        assert lite.toco_convert(Message(), [x], [y], post_training_quantize=True) == digits(optimizations={tf.lite.Optimize.DEFAULT}).convert() != expected
    with pytest.warns(DeprecationWarning), pytest.warns(UserWarning, match="did you mean 'allow_custom_ops'"):
        lite.toco_convert(Message(), [x], [y], allow_custom_op=True)


def test_a_misspelt_attribute_warns_with_the_nearest_name():
    c = digits()
    with pytest.warns(UserWarning, match="no attribute 'optimisations'; did you mean 'optimizations'"):
        c.optimisations = {tf.lite.Optimize.DEFAULT}
    with pytest.warns(UserWarning, match="did you mean 'supported_ops'"):
        c.target_spec.suported_ops = set()


def test_every_known_attribute_can_be_set_without_a_warning(recwarn):
    c = digits()
    for name in type(c)._known - {"post_training_quantize", "target_ops"}:
        setattr(c, name, getattr(c, name, None))
    c.exclude_conversion_metadata = True
    c.inference_input_type = c.inference_output_type = np.float32
    c.optimizations = []
    assert c.convert()
    assert not recwarn.list


def test_a_converter_can_be_used_again_after_a_failure():
    c = digits(optimizations={tf.lite.Optimize.EXPERIMENTAL_SPARSITY})
    with pytest.raises(tf.ConverterError):
        c.convert()
    assert c.report is None
    c.optimizations = set()
    assert c.convert() == c.convert() == digits().convert()


def unknown_operators(tmp_path):
    a = 'attr { key: "T" value { type: DT_FLOAT } }'
    (tmp_path / "g.pbtxt").write_text(
        'node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: 2 } } } } }'
        f'node {{ name: "first" op: "Bessel" input: "x" {a} }} node {{ name: "second" op: "Zeta9" input: "first" {a} }}'
    )
    return tf.lite.TFLiteConverter.from_frozen_graph(str(tmp_path / "g.pbtxt"), ["x"], ["second"])


def test_unsupported_operators_are_all_listed(tmp_path):
    c = unknown_operators(tmp_path)
    with pytest.raises(tf.ConverterError) as caught:
        c.convert()
    assert {n for e in caught.value.errors for n in e.nodes} == {"first", "second"}
    assert "TN2001" in str(caught.value) and not c.report["ok"]


def test_unknown_operators_become_custom_ones(tmp_path):
    c = unknown_operators(tmp_path)
    c.allow_custom_ops = True
    assert c.convert()[4:8] == b"TFL3"


def test_verification_can_be_left_out_and_says_so(caplog):
    caplog.set_level(logging.INFO, "toucanet")
    c = digits(verify=False)
    assert c.convert() == digits().convert()
    assert c.report["verification"]["status"] == "skipped" and not c.report["verified"]
    assert "not verified" in caplog.text


def test_rewrites_can_be_turned_off():
    plain, without = digits(), digits(disabled_rewrites=["fuse_activation_into_producer"])
    plain.convert(), without.convert()
    assert without.report["operators"] > plain.report["operators"]


def test_a_rewrite_that_does_not_exist_is_named():
    with pytest.raises(tf.ConverterError, match="there is no rewrite 'merge_reshape'") as caught:
        digits(disabled_rewrites=["merge_reshape"]).convert()
    assert caught.value.errors[0].notes == ("did you mean 'merge_reshapes'?",)
    with pytest.raises(TypeError, match=r"\['merge_reshapes'\]"):
        digits(disabled_rewrites="merge_reshapes").convert()


def test_wrong_numbers_give_no_model(monkeypatch):
    from toucanet import _native

    def wrong(*_, **__):
        error = {"code": "TN6001", "message": "the converted model does not give the source's numbers", "nodes": ["softmax"], "rewrite": "r", "notes": []}
        return None, {"ok": False, "errors": [error], "verification": {"status": "wrong", "reason": "x"}}

    monkeypatch.setattr(_native, "convert_graph_def", wrong)
    c = digits()
    with pytest.raises(tf.ConverterError) as caught:
        c.convert()
    assert caught.value.errors == [tf.Problem("TN6001", "the converted model does not give the source's numbers", ("softmax",), (), "r")]
    assert c.report["verification"]["status"] == "wrong"


def test_a_shape_that_contradicts_an_inner_tensor_is_a_value_error():
    c = tf.lite.TFLiteConverter.from_frozen_graph(GRAPH, ["flatten/Reshape"], ["softmax"], {"flatten/Reshape": [None, 255]})
    with pytest.raises((ValueError, tf.ConverterError)):
        c.convert()


def test_two_threads_convert_at_once():
    expected = digits().convert()
    results = []

    def work():
        for _ in range(5):
            results.append(digits().convert())

    threads = [threading.Thread(target=work) for _ in range(2)]
    [t.start() for t in threads], [t.join() for t in threads]
    assert len(results) == 10 and set(results) == {expected}


def test_evaluate_says_what_does_not_fit():
    model = digits().convert()
    x = np.zeros((1, 8, 8, 1), np.float32)
    for inputs, text in (
        ({}, "'input' is missing"),
        ({"input": x.astype(np.float64)}, "float64"),
        ({"input": x, "inptu": x}, "no input 'inptu'"),
        ({"input": np.array(["a"])}, "<U1"),
    ):
        with pytest.raises(tf.ConverterError, match=text):
            tf.evaluate(model, inputs)
    with pytest.raises(tf.ConverterError, match="TFL3"):
        tf.evaluate(b"no model", {"input": x})


def test_dtypes():
    assert tf.float32 == np.float32 == tf.float32 and tf.float32 == "float32" and tf.float32 == np.dtype("f4") and tf.float32 == 1
    assert tf.int8 != np.uint8 and tf.int8 is not None and tf.float32 != "nonsense" and tf.float32 != 3.5
    assert np.dtype(tf.int16) == np.int16 and tf.bool.as_numpy_dtype is np.bool_ and tf.half is tf.float16
    assert {tf.float32, tf.as_dtype("float")} == {tf.float32}
    assert tf.lite.constants.FLOAT == tf.float32 and tf.lite.constants.QUANTIZED_UINT8 == tf.uint8
    assert repr(tf.float32) == "tf.float32" and str(tf.float32) == "<dtype: 'float32'>"
    with pytest.raises(TypeError, match="Cannot convert the argument `type_value`: 'x' to a TensorFlow DType."):
        tf.as_dtype("x")


def test_names():
    assert toucanet.compat.v1.lite.TFLiteConverter is not toucanet.lite.TFLiteConverter
    assert tf.lite.OpsSet.get_options()[0] == "TFLITE_BUILTINS" and str(tf.lite.Optimize.DEFAULT) == "DEFAULT"
    assert toucanet.__version__.count(".") == 2


def test_each_stage_is_written_where_the_attributes_say(tmp_path):
    digits(dump_ir_dir=tmp_path, dump_graphviz_dir=str(tmp_path)).convert()
    assert (tmp_path / "0_import.txt").read_text().startswith("graph") and (tmp_path / "6_export.txt").exists()
    assert (tmp_path / "6_export.dot").read_text().startswith("digraph")
    with pytest.raises(tf.ConverterError) as caught:
        digits(dump_graphviz_dir=str(tmp_path / "6_export.dot" / "none")).convert()
    assert {e.code for e in caught.value.errors} == {"TN5004"}


def tensor_types(model):
    interpreter = tf.lite.Interpreter(model_content=model)
    return [d["dtype"] for d in interpreter.get_input_details() + interpreter.get_output_details()]


def from_text(tmp_path, text, inputs, outputs):
    (tmp_path / "graph.pbtxt").write_text(text)
    return tf.lite.TFLiteConverter.from_frozen_graph(str(tmp_path / "graph.pbtxt"), inputs, outputs)


def placeholder(name, dtype, dims=""):
    return (
        f'node {{ name: "{name}" op: "Placeholder" attr {{ key: "dtype" value {{ type: {dtype} }} }}'
        f' attr {{ key: "shape" value {{ shape {{ {dims} }} }} }} }}'
    )


def test_results_keep_types_that_their_op_declares_otherwise(tmp_path):
    text = placeholder("a", "DT_INT32", "dim { size: 2 }") + placeholder("b", "DT_HALF", "dim { size: 3 }")
    text += 'node { name: "y" op: "IdentityN" input: "a" input: "b" attr { key: "T" value { list { type: DT_INT32 type: DT_HALF } } } } versions { producer: 27 }'
    assert tensor_types(from_text(tmp_path, text, ["a", "b"], ["y", "y:1"]).convert()) == [np.int32, np.float16, np.int32, np.float16]
    text = "".join(placeholder(n, "DT_DOUBLE") for n in "abc")
    text += 'node { name: "y" op: "Range" input: "a" input: "b" input: "c" attr { key: "Tidx" value { type: DT_DOUBLE } } } versions { producer: 27 }'
    assert tensor_types(from_text(tmp_path, text, ["a", "b", "c"], ["y"]).convert()) == [np.float64] * 4


def test_lowest_numbers_of_a_wider_type_are_refused(tmp_path):
    text = placeholder("x", "DT_DOUBLE", "dim { size: 4 }") + placeholder("ids", "DT_INT32", "dim { size: 4 }") + placeholder("n", "DT_INT32")
    text += 'node { name: "y" op: "UnsortedSegmentMax" input: "x" input: "ids" input: "n" attr { key: "T" value { type: DT_DOUBLE } } } versions { producer: 27 }'
    with pytest.raises(tf.lite.ConverterError, match="without rows"):
        from_text(tmp_path, text, ["x", "ids", "n"], ["y"]).convert()


def test_folders_of_dumps_are_made(tmp_path):
    digits(dump_ir_dir=tmp_path / "ir" / "deep").convert()
    assert (tmp_path / "ir" / "deep" / "0_import.txt").stat().st_size > 0
