"""Misuse raises TensorFlow 2.15.1's exceptions with its texts, as record_messages.py recorded them."""
import builtins
import json
import os

import misuse
import pytest
import toucanet

with open(os.path.join(os.path.dirname(__file__), "messages.json")) as f:
    RECORDED = json.load(f)
MESSAGES = RECORDED["cases"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    d = str(tmp_path_factory.mktemp("misuse"))
    misuse.write_files(d)
    return d


def test_every_case_is_recorded():
    assert set(MESSAGES) == set(misuse.CASES)
    assert all(MESSAGES.values())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("case", sorted(misuse.CASES))
def test_misuse_says_what_tensorflow_says(case, folder):
    kind, text = MESSAGES[case]
    expected = toucanet.ConverterError if kind == "ConverterError" else getattr(builtins, kind)  # "Exception": a type that only TensorFlow has
    with pytest.raises(expected) as caught:
        misuse.CASES[case](toucanet, folder)
    assert str(caught.value).replace(folder, "{dir}") == text
    if expected in (ValueError, OSError):
        assert caught.value.errors, "our own explanation is missing"


@pytest.mark.parametrize("name", sorted(RECORDED["defaults"]))
def test_attributes_have_tensorflows_defaults(folder, name):
    assert name in toucanet.lite.TFLiteConverter._known
    if name == "experimental_lower_to_saved_model":  # of TensorFlow 2's sources alone
        return
    for lite in (toucanet.lite, toucanet.compat.v1.lite):
        value = getattr(lite.TFLiteConverter.from_frozen_graph(os.path.join(folder, "digits.pb"), ["input"], ["softmax"]), name)
        assert ("TargetSpec" if name == "target_spec" else repr(value)) == RECORDED["defaults"][name]


def notes(e):
    return "\n".join(getattr(e, "__notes__", ()))


def load(folder, *args):
    return toucanet.lite.TFLiteConverter.from_frozen_graph(os.path.join(folder, "digits.pb"), *args)


def test_nearest_names_are_in_notes_and_errors(folder):
    with pytest.raises(ValueError) as caught:
        load(folder, ["inpt"], ["softmax"])
    assert "did you mean 'input'?" in notes(caught.value)
    assert caught.value.errors[0].nodes == ("inpt",)
    assert "did you mean 'input'?" in caught.value.errors[0].notes[0]


def test_a_missing_file_names_its_neighbours(folder):
    with pytest.raises(OSError) as caught:
        toucanet.lite.TFLiteConverter.from_frozen_graph(os.path.join(folder, "digit.pb"), ["input"], ["softmax"])
    assert "digits.pb" in notes(caught.value)


def test_variables_are_named(folder):
    with pytest.raises(ValueError) as caught:
        toucanet.lite.TFLiteConverter.from_frozen_graph(os.path.join(folder, "variable.pbtxt"), ["x"], ["y"])
    assert caught.value.errors[0].nodes == ("v",)


@pytest.mark.parametrize(
    "name, value",
    [
        ("optimizations", {toucanet.lite.Optimize.EXPERIMENTAL_SPARSITY}),
        ("dump_graphviz_video", True),
        ("output_format", toucanet.lite.constants.GRAPHVIZ_DOT),
        ("drop_control_dependency", False),
        ("unfold_batchmatmul", True),
        ("mlir_print_ir_after", ".*"),
        ("_experimental_allow_all_select_tf_ops", True),
        ("saved_model_dir", "/tmp"),
    ],
)
def test_what_is_not_there_yet_is_never_left_out_in_silence(folder, name, value):
    c = load(folder, ["input"], ["softmax"])
    setattr(c, name, value)
    with pytest.raises(toucanet.ConverterError, match="not available in this release") as caught:
        c.convert()
    assert [e.code for e in caught.value.errors] == ["TN0011"]
    assert f"({name})" in caught.value.errors[0].message


@pytest.mark.parametrize(
    "field, value",
    [("supported_ops", [toucanet.lite.OpsSet.TFLITE_BUILTINS, toucanet.lite.OpsSet.SELECT_TF_OPS]), ("supported_types", [toucanet.int16])],
)
def test_targets_that_are_not_there_yet(folder, field, value):
    c = load(folder, ["input"], ["softmax"])
    setattr(c.target_spec, field, value)
    with pytest.raises(toucanet.ConverterError, match=f"target_spec.{field}"):
        c.convert()


@pytest.mark.parametrize("name", ["inference_input_type", "inference_output_type"])
def test_types_of_a_float_model_are_refused_in_tensorflows_words(folder, name):
    c = load(folder, ["input"], ["softmax"])
    setattr(c, name, toucanet.int16)
    with pytest.raises(ValueError, match=r"^The inference_input_type and inference_output_type must be tf.float32\."):
        c.convert()


@pytest.mark.parametrize("name, value", [("representative_dataset", lambda: iter(())), ("quantized_input_stats", {"input": (0.0, 1.0)}), ("default_ranges_stats", (0, 6))])
def test_what_asks_for_nothing_is_said(folder, name, value, caplog):
    c = load(folder, ["input"], ["softmax"])
    setattr(c, name, value)
    assert c.convert()
    assert f"{name} changes nothing" in caplog.text


@pytest.mark.filterwarnings("ignore:Property")
def test_deprecated_attributes_still_work(folder):
    c = load(folder, ["input"], ["softmax"])
    with pytest.warns(UserWarning, match=r"^Property post_training_quantize is deprecated, please use optimizations=\[Optimize.DEFAULT\] instead\.$"):
        c.post_training_quantize = True
    assert c.optimizations == [toucanet.lite.Optimize.DEFAULT]
    assert c.post_training_quantize
    with pytest.warns(UserWarning, match=r"^Property target_ops is deprecated, please use target_spec.supported_ops instead\.$"):
        c.target_ops = {toucanet.lite.OpsSet.TFLITE_BUILTINS}


@pytest.mark.parametrize("source", ["from_keras_model", "from_concrete_functions"])
def test_sources_that_come_later_say_so(source):
    ConcreteFunction = type("ConcreteFunction", (), {})
    with pytest.raises(toucanet.ConverterError, match="not available in this release") as caught:
        getattr(toucanet.lite.TFLiteConverter, source)([ConcreteFunction()])
    assert caught.value.errors[0].code == "TN0012"
