"""Data types with TensorFlow's names and numbers. They compare equal to TensorFlow's and numpy's, and to their names."""
from __future__ import annotations

from typing import Any


class DType:
    """A tensor's element type (source: TensorFlow's types.proto)."""

    __slots__ = ("name", "as_datatype_enum", "size")

    def __init__(self, name: str, number: int, size: int):
        self.name = name  #: "float32"
        self.as_datatype_enum = number  #: number in types.proto
        self.size = size  #: bytes of one element; 1 where it has none, as in TensorFlow

    @property
    def as_numpy_dtype(self) -> Any:
        """The numpy scalar type. TypeError where numpy has none; bfloat16 needs the package ml_dtypes."""
        import numpy as np

        if self.name == "bfloat16":
            import ml_dtypes  # type: ignore[import-not-found]

            return ml_dtypes.bfloat16
        if self.name in ("string", "resource", "variant"):
            return np.object_
        if self.name == "bool":
            return np.bool_
        name = self.name[1:] if self.name.startswith("q") else self.name
        return getattr(np, name)

    @property
    def dtype(self) -> Any:
        """numpy's dtype: np.dtype(toucanet.float32) and tf.as_dtype(toucanet.float32) read it."""
        import numpy as np

        return np.dtype(self.as_numpy_dtype)

    @property
    def base_dtype(self) -> "DType":
        return self

    @property
    def is_floating(self) -> bool:
        return self.name in ("float16", "float32", "float64", "bfloat16")

    @property
    def is_integer(self) -> bool:
        return self.name.startswith(("int", "uint"))

    @property
    def is_quantized(self) -> bool:
        return self.name.startswith("q")

    def __eq__(self, other: object) -> bool:
        if other is None:
            return False
        try:
            return as_dtype(other) is self
        except TypeError:
            return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.as_datatype_enum)  # TensorFlow's hash, so that sets of both agree

    def __repr__(self) -> str:
        return f"tf.{self.name}"

    def __str__(self) -> str:
        return f"<dtype: {self.name!r}>"

    def __reduce__(self) -> tuple:
        return as_dtype, (self.name,)


_NUMBERS = {
    "float32": (1, 4), "float64": (2, 8), "int32": (3, 4), "uint8": (4, 1), "int16": (5, 2), "int8": (6, 1), "string": (7, 1),
    "complex64": (8, 8), "int64": (9, 8), "bool": (10, 1), "qint8": (11, 1), "quint8": (12, 1), "qint32": (13, 4), "bfloat16": (14, 2),
    "qint16": (15, 2), "quint16": (16, 2), "uint16": (17, 2), "complex128": (18, 16), "float16": (19, 2), "resource": (20, 1),
    "variant": (21, 1), "uint32": (22, 4), "uint64": (23, 8),
}  # fmt: skip
_BY_NAME = {name: DType(name, number, size) for name, (number, size) in _NUMBERS.items()}
_BY_NUMBER = {t.as_datatype_enum: t for t in _BY_NAME.values()}
_ALIASES = {"half": "float16", "double": "float64", "float": "float32", "object": "string"}
_PYTHON = {float: "float32", bool: "bool", object: "string"}


def as_dtype(type_value: Any) -> DType:
    """A DType from a DType, TensorFlow's or numpy's dtype, a name, or a number of types.proto.

    Raises:
      TypeError: it is none.
    """
    t = type_value
    if isinstance(t, DType):
        return t
    found = None
    if isinstance(t, str):
        found = _BY_NAME.get(_ALIASES.get(t, t))
    elif isinstance(t, type) and t in _PYTHON:
        found = _BY_NAME[_PYTHON[t]]
    elif isinstance(t, int) and not isinstance(t, bool):
        found = _BY_NUMBER.get(t)
    elif isinstance(getattr(t, "as_datatype_enum", None), int):
        found = _BY_NUMBER.get(t.as_datatype_enum % 100)
    else:
        module = (t.__module__ if isinstance(t, type) else type(t).__module__).split(".")[0]
        if module in ("numpy", "ml_dtypes"):
            import numpy as np

            try:
                d = np.dtype(t)
            except TypeError:
                d = None
            if d is not None:
                found = _BY_NAME["string"] if d.kind in "OSU" else _BY_NAME.get(d.name)
    if found is None:
        raise TypeError(f"Cannot convert the argument `type_value`: {type_value!r} to a TensorFlow DType.")
    return found


float32, float64, float16, bfloat16 = (_BY_NAME[n] for n in ("float32", "float64", "float16", "bfloat16"))
int8, int16, int32, int64 = (_BY_NAME[n] for n in ("int8", "int16", "int32", "int64"))
uint8, uint16, uint32, uint64 = (_BY_NAME[n] for n in ("uint8", "uint16", "uint32", "uint64"))
complex64, complex128 = _BY_NAME["complex64"], _BY_NAME["complex128"]
qint8, qint16, qint32, quint8, quint16 = (_BY_NAME[n] for n in ("qint8", "qint16", "qint32", "quint8", "quint16"))
string, resource, variant = _BY_NAME["string"], _BY_NAME["resource"], _BY_NAME["variant"]
half, double = float16, float64
_bool = _BY_NAME["bool"]


def __getattr__(name: str) -> DType:  # `bool` would hide the builtin in this file
    if name == "bool":
        return _bool
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
