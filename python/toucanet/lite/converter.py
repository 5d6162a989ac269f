"""tf.lite.TFLiteConverter: TensorFlow 2's constructors beside TensorFlow 1's."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import ConverterError, misuse
from . import sources
from .frozen import FrozenGraphConverter
from .v1 import TFLiteConverter as _V1
from .v1 import check_saved_model


class TFLiteConverter(FrozenGraphConverter):
    """Converts a TensorFlow model; see FrozenGraphConverter for the attributes.

    from_frozen_graph and from_session convert. from_concrete_functions, from_saved_model, from_keras_model and
    from_keras_model_file check their arguments as TensorFlow does and then raise ConverterError: not available in this release.
    """

    def __init__(self, funcs: Sequence[Any], trackable_obj: Any = None):
        self._defaults()
        self._graph_def = self._input_tensors = self._output_tensors = None
        self._funcs, self._trackable_obj = funcs, trackable_obj

    @classmethod
    def from_concrete_functions(cls, funcs: Sequence[Any], trackable_obj: Any = None) -> "TFLiteConverter":
        """Not available in this release. ValueError if `funcs` are no ConcreteFunctions."""
        for func in funcs:
            if not any(t.__name__ == "ConcreteFunction" for t in type(func).__mro__):
                message = "This function takes in a list of ConcreteFunction."
                if hasattr(func, "get_concrete_function"):
                    message += " To get the ConcreteFunction from a Function, call get_concrete_function."
                raise misuse(ValueError, message)
        raise ConverterError.of([sources.missing_source("concrete functions")])

    @classmethod
    def from_saved_model(cls, saved_model_dir: Any, signature_keys: Any = None, tags: Any = None) -> "TFLiteConverter":
        """Not available in this release. OSError if there is no SavedModel."""
        check_saved_model(saved_model_dir)
        raise ConverterError.of([sources.missing_source("reading SavedModels")])

    @classmethod
    def from_keras_model(cls, model: Any) -> "TFLiteConverter":
        """Not available in this release."""
        raise ConverterError.of([sources.missing_source("Keras models")])

    @classmethod
    def from_keras_model_file(
        cls, model_file: Any, input_arrays: Any = None, input_shapes: Any = None, output_arrays: Any = None, custom_objects: Any = None
    ) -> Any:
        """Not available in this release. OSError if there is no such file."""
        return _V1.from_keras_model_file(model_file, input_arrays, input_shapes, output_arrays, custom_objects)

    @classmethod
    def experimental_from_jax(cls, serving_funcs: Sequence[Any], inputs: Sequence[Any]) -> "TFLiteConverter":
        """Not available in this release."""
        raise ConverterError.of([sources.missing_source("JAX functions")])

    def convert(self) -> bytes:
        """See FrozenGraphConverter.convert."""
        if self._graph_def is None and getattr(self, "_funcs", None) is not None:
            if not len(self._funcs):
                raise misuse(ValueError, "No ConcreteFunction is specified.")
            raise ConverterError.of([sources.missing_source("concrete functions")])
        return super().convert()
