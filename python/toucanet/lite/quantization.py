"""What the attributes ask of the quantiser, as a recipe; samples of a representative dataset."""
from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Optional

from .. import dtypes
from ..errors import misuse
from .options import OpsSet, Optimize, RepresentativeDataset

log = logging.getLogger("toucanet")
_LEGACY = {"uint8": "uint8", "int8": "int8", "int16": "int16x8"}


def recipe_of(converter: Any, wishes: Any) -> Optional[dict]:
    """The recipe, as toucanet's JSON spells it; None: the model stays in floats.

    Decides as TensorFlow does: any of Optimize's quantising members, or integer operators only, quantises; a representative
    dataset (or FakeQuant nodes) makes activations integers too. inference_type without optimizations is TensorFlow 1's way.
    """
    own = converter.quantization_recipe
    if own is not None:
        return _given(own)
    mode = _mode(converter, wishes)
    if mode is None:
        _refuse_types(converter)
        _say_unused(converter, wishes)
        return None
    legacy = not wishes.quantise and not strict_int8(wishes)
    recipe: dict[str, Any] = {"mode": mode, "rules": []}
    kind = dtypes.as_dtype(converter.inference_type).name if legacy else "float32"
    recipe["input_type"] = _type_name(converter.inference_input_type, kind)
    recipe["output_type"] = _type_name(converter.inference_output_type, kind)
    integers = mode in ("int8", "int16x8", "uint8")
    if integers:
        recipe["allow_float"] = not legacy and bool(wishes.ops & {OpsSet.TFLITE_BUILTINS, OpsSet.SELECT_TF_OPS})
        recipe["move_fake_quant"] = bool(converter.reorder_across_fake_quant)
        recipe["share_concat_ranges"] = bool(converter.change_concat_input_ranges) or mode != "uint8"
    if mode == "int16x8" and wishes.bias:
        recipe["bias_type"] = dtypes.as_dtype(wishes.bias).name
    if Optimize.OPTIMIZE_FOR_SIZE in wishes.optimizations:
        recipe["min_weight_elements"] = 1
    if converter.quantized_input_stats:
        recipe["input_stats"] = {name: [float(mean), float(std)] for name, (mean, std) in converter.quantized_input_stats.items()}
    if converter.default_ranges_stats:
        recipe["default_range"] = [float(v) for v in converter.default_ranges_stats]
    if converter._experimental_disable_per_channel:
        recipe["weights"] = "per_tensor"
    if converter._experimental_disable_per_channel_quantization_for_dense_layers:
        recipe["rules"].append({"op": "FULLY_CONNECTED", "weights": "per_tensor"})
    return recipe


def _refuse_types(converter: Any) -> None:
    for name in ("inference_input_type", "inference_output_type"):
        value = getattr(converter, name)
        if value is not None and dtypes.as_dtype(value) != dtypes.float32:
            raise misuse(ValueError, "The inference_input_type and inference_output_type must be tf.float32.", "quantise: set optimizations")


def _say_unused(converter: Any, wishes: Any) -> None:
    for name in ("representative_dataset", "quantized_input_stats", "default_ranges_stats"):
        if getattr(converter, name):
            log.warning("%s changes nothing: neither optimizations nor inference_type asks for quantisation", name)
    if wishes.types - {dtypes.float32}:
        log.warning("target_spec.supported_types changes nothing: optimizations is empty")


def strict_int8(wishes: Any) -> bool:
    """Integer operators only, which quantises without any optimizations."""
    return wishes.ops == {OpsSet.TFLITE_BUILTINS_INT8} and wishes.dataset is not None


def _mode(converter: Any, wishes: Any) -> Optional[str]:
    if wishes.integer() or strict_int8(wishes):
        return "int16x8" if wishes.activations() == dtypes.int16 else "int8"
    if wishes.quantise:
        return "float16" if dtypes.float16 in wishes.types else "dynamic_range"
    inference = converter.inference_type
    return _LEGACY.get(dtypes.as_dtype(inference).name) if inference is not None else None


def _type_name(wanted: Any, otherwise: str) -> str:
    return otherwise if wanted is None else dtypes.as_dtype(wanted).name


def _given(own: Any) -> dict:
    if isinstance(own, Mapping):
        return dict(own)
    text = own
    if not (isinstance(own, str) and own.lstrip().startswith("{")):
        with open(os.fspath(own), encoding="utf-8") as f:
            text = f.read()
    recipe = json.loads(text)
    if not isinstance(recipe, dict):
        raise misuse(ValueError, "quantization_recipe holds no JSON object")
    return recipe


class Samples:
    """Calls a representative dataset once and hands its samples out, in the inputs' order.

    The dataset is a callable that yields samples, an iterable of them, or an object with get_next() (None, StopIteration or
    tf.errors.OutOfRangeError: no more). A sample is a list in the inputs' order, a dict by input name, or an array where there is one input.
    """

    def __init__(self, dataset: Any, names: list[str]):
        self._names = names
        self._next = self._reader(dataset.input_gen if type(dataset).__name__ == RepresentativeDataset.__name__ else dataset)
        self.failure: Optional[BaseException] = None  # what the user's own code raised

    @staticmethod
    def _reader(data: Any) -> Callable[[], Any]:
        if hasattr(data, "get_next"):
            return data.get_next
        rows: Iterator[Any] = iter(data() if callable(data) else data)
        return lambda: next(rows)

    def __call__(self) -> Any:
        """[(dtype, shape, bytes)] in the inputs' order, None behind the last sample, or a text that says what does not fit."""
        try:
            sample = self._next()
            return None if sample is None else self._arrays(sample)
        except StopIteration:
            return None
        except BaseException as e:  # noqa: BLE001 - raised again once the converter has come back
            if type(e).__name__ == "OutOfRangeError":
                return None
            self.failure = e
            return None

    def _arrays(self, sample: Any) -> Any:
        import numpy as np

        if isinstance(sample, Mapping):
            lost = [n for n in self._names if n not in sample]
            extra = [k for k in sample if k not in self._names]
            if lost or extra:
                return f"a sample has {list(sample)}, the model's inputs are {self._names}"
            values = [sample[n] for n in self._names]
        elif isinstance(sample, (list, tuple)):
            values = list(sample)
        else:
            values = [sample]
        arrays = [np.ascontiguousarray(v) for v in values]
        return [(a.dtype.name, list(np.shape(v)), a.tobytes()) for a, v in zip(arrays, values)]
