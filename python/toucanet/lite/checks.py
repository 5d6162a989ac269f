"""TensorFlow 2.15.1's checks of the converter's attributes: same order, same texts. Nothing is changed by them.

Afterwards `unavailable` says which of the wishes this release cannot fulfil.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from .. import dtypes
from ..errors import ConverterError, Problem, misuse
from . import constants
from .attributes import LATER
from .options import OpsSet, Optimize, ours

_QAT = frozenset(("FakeQuantWithMinMaxVars", "FakeQuantWithMinMaxVarsPerChannel", "FakeQuantWithMinMaxArgs", "QuantizeAndDequantizeV2", "QuantizeAndDequantizeV3"))
_INT16X8 = OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8


class Wishes:
    """What the attributes ask for, as TensorFlow's QuantizationMode understands them.

    Raises:
      ValueError: they contradict each other (TensorFlow's texts).
    """

    def __init__(self, converter: Any, ops_in_graph: frozenset):
        spec = converter.target_spec
        Optimize.DEFAULT in converter.optimizations  # noqa: B015 - None raises TensorFlow's TypeError
        self.optimizations = set(ours(Optimize, converter.optimizations))
        self.dataset = converter.representative_dataset
        self.ops = set(ours(OpsSet, spec.supported_ops))
        self.types = {dtypes.as_dtype(t) for t in spec.supported_types}
        self.trained = bool(_QAT & ops_in_graph)
        self.low_bit = converter._experimental_low_bit_qat
        self.bias = converter._experimental_full_integer_quantization_bias_type
        self.quantise = bool(self.optimizations & {Optimize.DEFAULT, Optimize.OPTIMIZE_FOR_SIZE, Optimize.OPTIMIZE_FOR_LATENCY})
        if OpsSet.TFLITE_BUILTINS_INT8 in self.ops or self.types == {dtypes.int8}:
            self._check_int8()
        if dtypes.float16 in self.types and converter._experimental_variable_quantization:
            raise misuse(ValueError, "`_experimental_variable_quantization` is only supported for full integer quantization.")
        self._check_bias()

    def _check_int8(self) -> None:
        if self.ops == {OpsSet.TFLITE_BUILTINS_INT8} and not (not self.types or self.types == {dtypes.int8}):
            raise misuse(
                ValueError,
                "As full integer quantization has been enabled by setting "
                "`target_spec.supported_ops`={tf.lite.OpsSet.TFLITE_BUILTINS_INT8}, "
                "thus `target_spec.supported_types` should be left uninitizalized or set to {tf.int8}.",
            )
        if self.types == {dtypes.int8}:
            self.ops = {OpsSet.TFLITE_BUILTINS_INT8}
        if not self.dataset and not (self.quantise and self.trained and not self.low_bit):
            raise misuse(ValueError, "For full integer quantization, a `representative_dataset` must be specified.")

    def post_training_integer(self) -> bool:
        int16 = _INT16X8 in self.ops
        allow_float = bool(self.ops & {OpsSet.TFLITE_BUILTINS, OpsSet.SELECT_TF_OPS})
        smallest = min(self.types, key=lambda t: t.size) if self.types else dtypes.int8
        int8 = (OpsSet.TFLITE_BUILTINS_INT8 in self.ops or self.types == {dtypes.int8}) if not allow_float else smallest == dtypes.int8
        return self.quantise and self.dataset is not None and (int16 or int8)

    def integer(self) -> bool:
        return self.post_training_integer() or (self.quantise and self.trained)

    def activations(self) -> dtypes.DType:
        if not self.integer():
            return dtypes.float32
        return dtypes.int16 if _INT16X8 in self.ops else dtypes.int8

    def _check_bias(self) -> None:
        if not self.bias:
            return
        bias, act = dtypes.as_dtype(self.bias), self.activations()
        if act == dtypes.float32:
            raise misuse(ValueError, "`full_integer_quantization_bias_type` is only supported for full integer quantization.")
        if act == dtypes.int8 and bias != dtypes.int32:
            raise misuse(ValueError, f"Expected bias type to be `dtypes.int32` for Int8Quant. Current setting bias type: {bias}")
        if act == dtypes.int16 and bias not in (dtypes.int32, dtypes.int64):
            raise misuse(ValueError, f"Expected bias type to be `dtypes.int32` or `dtypes.int64` for Int16Quant. Current setting bias type: {bias}")

    def flags(self, inference: Any, inference_input: Any) -> tuple[dtypes.DType, Optional[dtypes.DType]]:
        """(inference_type, inference_input_type) that TensorFlow hands on."""
        smallest = min(self.types, key=lambda t: t.size) if self.types else dtypes.int8
        if self.integer():
            return (dtypes.as_dtype(inference) if inference is not None else self.activations()), dtypes.float32
        if self.quantise and (self.dataset is None and not self.trained and smallest == dtypes.int8 or smallest.size == 2 and dtypes.float16 in self.types):
            return dtypes.float32, dtypes.float32
        return (dtypes.as_dtype(inference) if inference is not None else dtypes.float32), (dtypes.as_dtype(inference_input) if inference_input is not None else None)


def _name(t: Optional[dtypes.DType]) -> Optional[str]:
    return "tf." + t.name if t else None


def check_flags(wishes: Wishes, inference: dtypes.DType, inference_input: Optional[dtypes.DType], stats: Any, output_format: Any) -> None:
    """What TensorFlow checks when it builds the flags of its converter."""
    if {inference, inference_input} & {dtypes.int8, dtypes.uint8} and not wishes.post_training_integer() and not stats:
        raise misuse(
            ValueError,
            "The `quantized_input_stats` flag must be defined when either `inference_type` flag or `inference_input_type` flag is set to "
            f"tf.int8 or tf.uint8. Currently, `inference_type={_name(inference)}` and `inference_input_type={_name(inference_input)}`.",
        )
    for t, usage in ((inference, "inference_type flag"), (inference_input, "inference_input_type flag")):
        if t and t not in (dtypes.float32, dtypes.uint8, dtypes.int8, dtypes.int16):
            raise misuse(ValueError, f"Unsupported TensorFlow type `{t}` provided for the {usage}")
    if output_format not in (constants.TENSORFLOW_GRAPHDEF, constants.TFLITE, constants.GRAPHVIZ_DOT):
        raise misuse(ValueError, f"invalid enumerator {output_format}")
    if OpsSet.EXPERIMENTAL_STABLEHLO_OPS in wishes.ops and len(wishes.ops) > 1:
        raise misuse(ValueError, "StableHLO Ops set can not be specified with other Ops set together")


def unavailable(converter: Any, wishes: Wishes) -> Optional[ConverterError]:
    """What is asked for and not there yet, all of it; None if nothing."""
    found: dict[str, str] = {}
    if Optimize.EXPERIMENTAL_SPARSITY in wishes.optimizations:
        found["optimizations"] = "sparse weights"
    unknown = wishes.ops - {OpsSet.TFLITE_BUILTINS, OpsSet.TFLITE_BUILTINS_INT8, _INT16X8}
    if unknown or not wishes.ops:
        found["target_spec.supported_ops"] = ("the operator set " + ", ".join(sorted(map(str, unknown)))) if unknown else "a model without operators"
    if wishes.types - {dtypes.float32, dtypes.float16, dtypes.int8}:
        found["target_spec.supported_types"] = "weights of other types than float32, float16 and int8"
    spec = converter.target_spec
    if spec.experimental_select_user_tf_ops:
        found["target_spec.experimental_select_user_tf_ops"] = "TensorFlow operators in the model"
    if spec.experimental_supported_backends:
        found["target_spec.experimental_supported_backends"] = "checks for a backend"
    if spec._experimental_custom_op_registerers:
        found["target_spec._experimental_custom_op_registerers"] = "custom operators in calibration"
    if spec._experimental_supported_accumulation_type:
        found["target_spec._experimental_supported_accumulation_type"] = "accumulation types"
    if converter.output_format != constants.TFLITE:
        found["output_format"] = "other formats than TFLITE"
    for name, (default, what) in LATER.items():
        value = getattr(converter, name)
        if value is default or value == default or (not value and not default and not isinstance(default, bool)):
            continue
        if isinstance(default, bool) and bool(value) == default or isinstance(default, Mapping) and not value:
            continue
        found[name] = what
    if not found:
        return None
    note = "leave the attribute at its default to convert without it"
    return ConverterError.of([Problem("TN0011", f"not available in this release: {what} ({name})", (), (note,)) for name, what in found.items()])
