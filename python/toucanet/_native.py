"""Loads the extension module and turns its answers into Python values."""
from __future__ import annotations

import json
import os
import sys
from typing import Any, Optional

from .errors import ConverterError, Problem

# RTLD_DEEPBIND: TensorFlow exports protobuf's symbols globally; ours must not bind to them (nor theirs to ours).
_flags = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else None
try:
    if _flags is not None:
        sys.setdlopenflags(os.RTLD_NOW | getattr(os, "RTLD_DEEPBIND", 0))
    from . import _toucanet
finally:
    if _flags is not None:
        sys.setdlopenflags(_flags)

version: str = _toucanet.version


def graph_nodes(graph_def: bytes) -> tuple[Optional[list[tuple[str, str, Optional[list[int]], str, list[str]]]], list[Problem]]:
    """(name, op, shape with -1 for unknown, dtype name or "", inputs) of each node, or None and why."""
    nodes, problems = _toucanet.graph_nodes(graph_def)
    return nodes, [Problem.of(p) for p in json.loads(problems)]


def rewrites() -> list[str]:
    """Names that disabled_rewrites may hold."""
    return _toucanet.rewrites()


def convert_graph_def(graph_def: bytes, inputs: list[tuple[str, Optional[list[int]], Optional[str]]], outputs: list[str], **options: Any) -> tuple[Optional[bytes], dict]:
    """The .tflite file or None, and the report."""
    model, report = _toucanet.convert_graph_def(graph_def, inputs, outputs, **options)
    return model, json.loads(report)


def evaluate(model: bytes, inputs: dict) -> dict:
    """Runs a .tflite model's main graph with the plain evaluator: exact and slow, meant for checking.

    Args:
      model: bytes of a .tflite file.
      inputs: name -> numpy array, of the input's dtype and a shape that fits it.

    Returns:
      name -> numpy array of each output, in the model's order.

    Raises:
      ConverterError: not a model, an operator the evaluator does not know, or inputs that do not fit; see `.errors`.
    """
    import numpy as np

    arrays = []
    for name, value in inputs.items():
        a = np.ascontiguousarray(value)
        if a.dtype.kind not in "biufc":
            raise ConverterError.of([Problem("TN3006", f"the input '{name}' holds {a.dtype}; only numbers and booleans can be evaluated")])
        a = a.astype(a.dtype.newbyteorder("="), copy=False)
        arrays.append((name, a.dtype.name, list(np.shape(value)), a.tobytes()))
    results, problems = _toucanet.evaluate_tflite(bytes(model), arrays)
    if results is None:
        raise ConverterError.of([Problem.of(p) for p in json.loads(problems)])
    for name, dtype, _, _ in results:
        if not hasattr(np, dtype) and dtype != "bool":
            raise ConverterError.of([Problem("TN3006", f"the output '{name}' holds {dtype}, which numpy lacks")])
    return {name: np.frombuffer(data, np.dtype(dtype)).reshape(shape).copy() for name, dtype, shape, data in results}
