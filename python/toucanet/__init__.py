"""TensorFlow graphs in, lean .tflite out, without TensorFlow installed.

    import toucanet as tf
    converter = tf.lite.TFLiteConverter.from_frozen_graph("frozen_graph.pb", ["input"], ["MobilenetV1/Predictions/Softmax"])
    tflite_model = converter.convert()
"""
from . import compat, dtypes, lite
from ._native import evaluate
from ._native import version as __version__
from .dtypes import (DType, as_dtype, bfloat16, complex64, complex128, double, float16, float32, float64, half, int8, int16, int32, int64, qint8,
                     qint16, qint32, quint8, quint16, resource, string, uint8, uint16, uint32, uint64, variant)
from .errors import ConverterError, Problem

bool = dtypes._bool

__all__ = [
    "ConverterError", "DType", "Problem", "__version__", "as_dtype", "bfloat16", "bool", "compat", "complex128", "complex64", "double",
    "dtypes", "evaluate", "float16", "float32", "float64", "half", "int16", "int32", "int64", "int8", "lite", "qint16", "qint32", "qint8",
    "quint16", "quint8", "resource", "string", "uint16", "uint32", "uint64", "uint8", "variant",
]  # fmt: skip
