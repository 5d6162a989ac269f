"""TensorFlow 1's names."""
from ...dtypes import (DType, as_dtype, bfloat16, complex64, complex128, double, float16, float32, float64, half, int8, int16, int32, int64, qint8,
                       qint16, qint32, quint8, quint16, resource, string, uint8, uint16, uint32, uint64, variant)
from ...dtypes import _bool as bool
from . import lite

__all__ = [
    "DType", "as_dtype", "bfloat16", "bool", "complex128", "complex64", "double", "float16", "float32", "float64", "half", "int16", "int32",
    "int64", "int8", "lite", "qint16", "qint32", "qint8", "quint16", "quint8", "resource", "string", "uint16", "uint32", "uint64", "uint8",
    "variant",
]  # fmt: skip
