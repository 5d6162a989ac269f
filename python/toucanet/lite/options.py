"""Choices that are handed to the converter: Optimize, OpsSet, TargetSpec, RepresentativeDataset."""
from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import Any, Optional

from .attributes import WarnOnMisspelling


class Optimize(enum.Enum):
    """What to optimise for. All but EXPERIMENTAL_SPARSITY quantise; OPTIMIZE_FOR_SIZE quantises weights of any size."""

    DEFAULT = "DEFAULT"
    OPTIMIZE_FOR_SIZE = "OPTIMIZE_FOR_SIZE"
    OPTIMIZE_FOR_LATENCY = "OPTIMIZE_FOR_LATENCY"
    EXPERIMENTAL_SPARSITY = "EXPERIMENTAL_SPARSITY"

    def __str__(self) -> str:
        return self.value


class OpsSet(enum.Enum):
    """Sets of operators that a model may use."""

    TFLITE_BUILTINS = "TFLITE_BUILTINS"
    SELECT_TF_OPS = "SELECT_TF_OPS"
    TFLITE_BUILTINS_INT8 = "TFLITE_BUILTINS_INT8"
    EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8 = "EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8"
    EXPERIMENTAL_STABLEHLO_OPS = "EXPERIMENTAL_STABLEHLO_OPS"

    def __str__(self) -> str:
        return self.value

    @staticmethod
    def get_options() -> list[str]:
        return [o.value for o in OpsSet]


def ours(kind: type, values: Iterable[Any]) -> list:
    """Enum members; TensorFlow's own are taken as ours of the same name, anything else is left."""
    names = {m.name: m for m in kind}  # type: ignore[attr-defined]
    return [names.get(v.name, v) if isinstance(v, enum.Enum) and type(v).__name__ == kind.__name__ else v for v in values]


class RepresentativeDataset:
    """Samples that show the ranges of a model's values.

    Args:
      input_gen: a callable that yields lists of arrays in the inputs' order, or dicts by name.
    """

    def __init__(self, input_gen: Callable[[], Iterable[Any]]):
        self.input_gen = input_gen


class TargetSpec(WarnOnMisspelling):
    """What the target device can do.

    Args:
      supported_ops: set of OpsSet (default {TFLITE_BUILTINS}).
      supported_types: set of dtypes for weights and arithmetic (default: empty).
      experimental_select_user_tf_ops, experimental_supported_backends: as in TensorFlow; not available in this release.
    """

    _known = frozenset((
        "supported_ops", "supported_types", "experimental_select_user_tf_ops", "experimental_supported_backends",
        "_experimental_custom_op_registerers", "_experimental_supported_accumulation_type",
    ))  # fmt: skip

    def __init__(
        self,
        supported_ops: Optional[Iterable[OpsSet]] = None,
        supported_types: Optional[Iterable[Any]] = None,
        experimental_select_user_tf_ops: Optional[Iterable[str]] = None,
        experimental_supported_backends: Optional[Iterable[str]] = None,
    ):
        self.supported_ops: Iterable[OpsSet] = {OpsSet.TFLITE_BUILTINS} if supported_ops is None else supported_ops
        self.supported_types: Iterable[Any] = set() if supported_types is None else supported_types
        self.experimental_select_user_tf_ops: Iterable[str] = set() if experimental_select_user_tf_ops is None else experimental_select_user_tf_ops
        self.experimental_supported_backends = experimental_supported_backends
        self._experimental_custom_op_registerers: list = []
        self._experimental_supported_accumulation_type: Any = None
