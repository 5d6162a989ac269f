"""TensorFlow 1's signatures: TFLiteConverter, TocoConverter, toco_convert."""
from __future__ import annotations

import os
import warnings
from typing import Any, Optional

from ..errors import ConverterError, misuse
from . import sources
from .attributes import LATER, OTHER
from .frozen import FrozenGraphConverter
from .options import OpsSet, Optimize


def check_saved_model(path: Any) -> None:
    """OSError (TensorFlow's text) if there is no SavedModel."""
    path = os.fspath(path)
    if not any(os.path.exists(os.path.join(path, "saved_model" + e)) for e in (".pb", ".pbtxt")):
        raise misuse(OSError, f"SavedModel file does not exist at: {path}/{{saved_model.pbtxt|saved_model.pb}}", code="TN1001")


class TFLiteConverter(FrozenGraphConverter):
    """tf.compat.v1.lite.TFLiteConverter; see FrozenGraphConverter for its attributes.

    Args:
      graph_def: frozen GraphDef (a message, or its bytes).
      input_tensors, output_tensors: tensors with `name`, and inputs with `shape` and `dtype`.
      input_arrays_with_shape: [(name, dimensions)], when both of the above are None.
      output_arrays: names, when both are None.
      experimental_debug_info_func: ignored.
    """

    def __init__(
        self,
        graph_def: Any,
        input_tensors: Any,
        output_tensors: Any,
        input_arrays_with_shape: Any = None,
        output_arrays: Any = None,
        experimental_debug_info_func: Any = None,
    ):
        self._set_graph(graph_def, input_tensors, output_tensors, input_arrays_with_shape, output_arrays)
        self._debug_info_func = experimental_debug_info_func

    @classmethod
    def from_saved_model(
        cls, saved_model_dir: Any, input_arrays: Any = None, input_shapes: Any = None, output_arrays: Any = None, tag_set: Any = None, signature_key: Any = None
    ) -> "TFLiteConverter":
        """Not available in this release: raises ConverterError (OSError if there is no SavedModel)."""
        check_saved_model(saved_model_dir)
        raise ConverterError.of([sources.missing_source("reading SavedModels")])

    @classmethod
    def from_keras_model_file(
        cls, model_file: Any, input_arrays: Any = None, input_shapes: Any = None, output_arrays: Any = None, custom_objects: Any = None
    ) -> "TFLiteConverter":
        """Not available in this release: raises ConverterError (OSError if there is no such file)."""
        if not os.path.exists(model_file):
            raise misuse(OSError, f"No file or directory found at {os.fspath(model_file)}", code="TN1001")
        raise ConverterError.of([sources.missing_source("reading Keras models")])


class TocoConverter:
    """Deprecated: TFLiteConverter under its first name."""

    @classmethod
    def from_session(cls, sess: Any, input_tensors: Any, output_tensors: Any) -> TFLiteConverter:
        _deprecated("TocoConverter.from_session", "TFLiteConverter.from_session")
        return TFLiteConverter.from_session(sess, input_tensors, output_tensors)

    @classmethod
    def from_frozen_graph(cls, graph_def_file: Any, input_arrays: Any, output_arrays: Any, input_shapes: Optional[dict] = None) -> TFLiteConverter:
        _deprecated("TocoConverter.from_frozen_graph", "TFLiteConverter.from_frozen_graph")
        return TFLiteConverter.from_frozen_graph(graph_def_file, input_arrays, output_arrays, input_shapes)

    @classmethod
    def from_saved_model(
        cls, saved_model_dir: Any, input_arrays: Any = None, input_shapes: Any = None, output_arrays: Any = None, tag_set: Any = None, signature_key: Any = None
    ) -> TFLiteConverter:
        _deprecated("TocoConverter.from_saved_model", "TFLiteConverter.from_saved_model")
        return TFLiteConverter.from_saved_model(saved_model_dir, input_arrays, input_shapes, output_arrays, tag_set, signature_key)

    @classmethod
    def from_keras_model_file(cls, model_file: Any, input_arrays: Any = None, input_shapes: Any = None, output_arrays: Any = None) -> TFLiteConverter:
        _deprecated("TocoConverter.from_keras_model_file", "TFLiteConverter.from_keras_model_file")
        return TFLiteConverter.from_keras_model_file(model_file, input_arrays, input_shapes, output_arrays)


# Arguments of TensorFlow's toco_convert that have another name, or none, as attributes of the converter.
_RENAMED = {
    "target_ops": "target_spec.supported_ops", "select_user_tf_ops": "target_spec.experimental_select_user_tf_ops",
    "supported_backends": "target_spec.experimental_supported_backends", "enable_mlir_converter": "experimental_new_converter",
    "accumulation_type": "target_spec._experimental_supported_accumulation_type",
}  # fmt: skip
_NO_EFFECT = frozenset(("input_format", "debug_info", "allow_nonexistent_arrays", "enable_tflite_resource_variables", "experimental_enable_resource_variables"))


def toco_convert(input_data: Any, input_tensors: Any, output_tensors: Any, *args: Any, **kwargs: Any) -> bytes:
    """Deprecated: converts a GraphDef in one call.

    Args:
      input_data: frozen GraphDef.
      input_tensors, output_tensors: tensors with `name`, and inputs with `shape` and `dtype`.
      **kwargs: the converter's attributes, and input_shapes (one for each input, replacing the tensors' own).
    """
    _deprecated("toco_convert", "TFLiteConverter")
    if args:
        raise TypeError(f"convert_graphdef() takes 3 positional arguments but {3 + len(args)} were given")
    shapes = kwargs.pop("input_shapes", None)
    if shapes is not None:
        input_tensors = [_Shaped(t.name, s, t.dtype) for t, s in zip(input_tensors, shapes)]
    c = TFLiteConverter(input_data, input_tensors, output_tensors)
    known = frozenset(LATER) | OTHER
    for name, value in kwargs.items():
        if name in _NO_EFFECT or name == "enable_mlir_converter":
            continue  # no shape is checked here, by either of TensorFlow's converters
        if name in ("post_training_quantize", "quantize_to_float16"):
            if value:
                c.optimizations = {Optimize.DEFAULT}
            continue
        target, _, field = _RENAMED.get(name, name).rpartition(".")
        if not target and field not in known and "_experimental_" + field in known:
            field = "_experimental_" + field
        setattr(c.target_spec if target else c, field, value)
    if not c.target_spec.supported_ops:
        c.target_spec.supported_ops = {OpsSet.TFLITE_BUILTINS}
    return c.convert()


class _Shaped:
    def __init__(self, name: str, shape: Any, dtype: Any):
        self.name, self.shape, self.dtype = name, shape, dtype


def _deprecated(name: str, instead: str) -> None:
    warnings.warn(f"{name} is deprecated: use lite.{instead}", DeprecationWarning, stacklevel=3)
