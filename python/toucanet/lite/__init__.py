"""tf.lite: the converter of both TensorFlow generations, and the interpreter.

`TFLiteConverter` has TensorFlow 2's constructors and TensorFlow 1's from_frozen_graph, from_session and
from_keras_model_file; `toucanet.compat.v1.lite` has TensorFlow 1's signatures alone.
"""
from typing import Any

from ..errors import ConverterError, Problem
from . import constants, experimental, later
from .converter import TFLiteConverter
from .interpreter import Interpreter, InterpreterWithCustomOps, OpResolverType, SignatureRunner
from .options import OpsSet, Optimize, RepresentativeDataset, TargetSpec
from .v1 import TocoConverter, toco_convert

__all__ = ["ConverterError", "Interpreter", "InterpreterWithCustomOps", "OpResolverType", "OpsSet", "Optimize", "Problem", "RepresentativeDataset", "SignatureRunner", "TFLiteConverter", "TargetSpec", "TocoConverter", "constants", "experimental", "toco_convert"]


def __getattr__(name: str) -> Any:
    return later.refuse(__name__, name)
