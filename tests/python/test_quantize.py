"""Quantisation through the converter's attributes, as TensorFlow decides what they mean."""
import json
import os

import numpy as np
import pytest
import toucanet as tf

DEMO = os.path.join(os.path.dirname(__file__), "..", "..", "demo", "digits")
GRAPH = os.path.join(DEMO, "frozen_graph.pb")
DEFAULT = {tf.lite.Optimize.DEFAULT}
OPS = tf.lite.OpsSet
INT16 = OPS.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8


def digits(**attributes):
    c = tf.lite.TFLiteConverter.from_frozen_graph(GRAPH, ["input"], ["softmax"], input_shapes={"input": [1, 8, 8, 1]})
    for name, value in attributes.items():
        setattr(c, name, value)
    return c


def images(n=20):
    rng = np.random.default_rng(1)
    return [rng.uniform(0, 1, (1, 8, 8, 1)).astype(np.float32) for _ in range(n)]


def dataset():
    for x in images():
        yield [x]


def details(model):
    i = tf.lite.Interpreter(model_content=model)
    i.allocate_tensors()
    return i, i.get_input_details()[0], i.get_output_details()[0]


def probabilities(model, x):
    i, given, made = details(model)
    scale, zero = given["quantization"]
    kind = np.dtype(given["dtype"])
    i.set_tensor(given["index"], x if kind.kind == "f" else np.clip(np.round(x / scale) + zero, np.iinfo(kind).min, np.iinfo(kind).max).astype(kind))
    i.invoke()
    y = i.get_tensor(made["index"])
    scale, zero = made["quantization"]
    return y if y.dtype.kind == "f" else (y.astype(np.float32) - zero) * scale


@pytest.mark.parametrize(
    "attributes, mode, bound",
    [
        ({"optimizations": DEFAULT}, "dynamic_range", 0.05),
        ({"optimizations": {tf.lite.Optimize.OPTIMIZE_FOR_SIZE}}, "dynamic_range", 0.05),
        ({"optimizations": DEFAULT, "target_spec": tf.lite.TargetSpec(supported_types=[tf.float16])}, "float16", 0.01),
        ({"optimizations": DEFAULT, "representative_dataset": dataset}, "int8", 0.1),
        ({"representative_dataset": dataset, "target_spec": tf.lite.TargetSpec(supported_ops=[OPS.TFLITE_BUILTINS_INT8])}, "int8", 0.1),
        ({"optimizations": DEFAULT, "representative_dataset": dataset, "target_spec": tf.lite.TargetSpec(supported_ops=[INT16])}, "int16x8", 0.05),
        ({"quantization_recipe": {"mode": "weight_only", "min_weight_elements": 1}}, "weight_only", 0.05),
        ({"quantization_recipe": {"mode": "int8", "ranges": "percentile"}, "representative_dataset": dataset}, "int8", 0.2),
    ],
)
def test_attributes_choose_the_mode(attributes, mode, bound):
    c, floats = digits(**attributes), digits().convert()
    model = c.convert()
    assert c.report["quantization"]["recipe"]["mode"] == mode
    assert len(model) < len(floats)
    x = images(30)[-1]
    got, want = probabilities(model, x), probabilities(floats, x)
    assert (got != want).any()
    assert np.abs(got - want).max() < bound


@pytest.mark.parametrize("kind", ["int8", "uint8"])
def test_inputs_and_outputs_are_stored_integers(kind):
    c = digits(optimizations=DEFAULT, representative_dataset=dataset, inference_input_type=getattr(tf, kind), inference_output_type=getattr(tf, kind))
    model = c.convert()
    _, given, made = details(model)
    assert np.dtype(given["dtype"]).name == np.dtype(made["dtype"]).name == kind
    x = images(30)[-1]
    assert np.abs(probabilities(model, x) - probabilities(digits().convert(), x)).max() < 0.1


class Rows:
    """get_next() until there is no more."""

    def __init__(self):
        self.rows = iter(images())

    def get_next(self):
        x = next(self.rows, None)
        return None if x is None else {"input": x}


@pytest.mark.parametrize("data", [tf.lite.RepresentativeDataset(dataset), [[x] for x in images()], [{"input": x} for x in images()], images(), Rows()])
def test_a_dataset_may_have_any_of_these_forms(data):
    want = digits(optimizations=DEFAULT, representative_dataset=dataset).convert()
    assert digits(optimizations=DEFAULT, representative_dataset=data).convert() == want


def test_the_recipe_in_the_report_gives_the_same_bytes():
    c = digits(optimizations=DEFAULT, representative_dataset=dataset, inference_input_type=tf.int8)
    model = c.convert()
    again = digits(representative_dataset=dataset, quantization_recipe=json.dumps(c.report["quantization"]["recipe"]))
    assert again.convert() == model


@pytest.mark.parametrize(
    "data, text",
    [
        (lambda: iter(()), "no samples"),
        (lambda: iter([[np.zeros((1, 8, 8, 2), np.float32)]]), "1,8,8,2"),
        (lambda: iter([[np.zeros((1, 8, 8, 1), np.float64)]]), "float64"),
        (lambda: iter([{"x": np.zeros((1, 8, 8, 1), np.float32)}]), "inputs are"),
        (lambda: iter([[np.full((1, 8, 8, 1), np.nan, np.float32)]]), "nan"),
    ],
)
def test_samples_that_do_not_fit_are_refused(data, text):
    with pytest.raises(ValueError) as caught:
        digits(optimizations=DEFAULT, representative_dataset=data).convert()
    assert text in str(caught.value)


def test_what_the_users_own_code_raises_comes_through():
    def broken():
        yield [images(1)[0]]
        raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError, match="the disk is gone"):
        digits(optimizations=DEFAULT, representative_dataset=broken).convert()


def test_a_recipe_with_unknown_fields_is_refused():
    with pytest.raises(tf.ConverterError, match="bits is not a field"):
        digits(quantization_recipe={"mode": "int8", "bits": 3}).convert()


def test_legacy_ranges_make_a_uint8_model():
    c = digits(inference_type=tf.uint8, quantized_input_stats={"input": (0.0, 255.0)}, default_ranges_stats=(-8, 8))
    model = c.convert()
    _, given, made = details(model)
    assert np.dtype(given["dtype"]).name == np.dtype(made["dtype"]).name == "uint8"
    assert abs(given["quantization"][0] - 1 / 255) < 1e-7
    x = images(30)[-1]
    assert np.abs(probabilities(model, x) - probabilities(digits().convert(), x)).max() < 0.5


def test_xnnpacks_rounding_changes_a_convolution_by_one_at_most():
    model = digits(optimizations=DEFAULT, representative_dataset=dataset).convert()

    def first_convolution(**rounding):
        m = tf.lite.Interpreter(model_content=model, experimental_preserve_all_tensors=True, **rounding)
        m.allocate_tensors()
        made = next(o["outputs"][0] for o in m._get_ops_details() if o["op_name"] == "CONV_2D")
        results = []
        for x in images():
            m.set_tensor(m.get_input_details()[0]["index"], x)
            m.invoke()
            results.append(m.get_tensor(made).astype(int))
        return np.stack(results)

    reference = first_convolution()
    assert (first_convolution(rounding="reference") == reference).all()
    assert abs(first_convolution(rounding="xnnpack") - reference).max() == 1
    with pytest.raises(ValueError, match="rounding is 'reference' or 'xnnpack', not 'up'"):
        first_convolution(rounding="up")
