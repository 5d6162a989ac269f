"""Tensors by name: what a frozen graph holds, what the user asks for, shapes."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Optional

from .. import dtypes
from ..errors import misuse, nearest

# Operators without results that a frozen graph may hold (TensorFlow 2.15.1's registry). `:0` of them is no tensor.
_NO_RESULT = frozenset((
    "NoOp", "Assert", "PrintV2", "ControlTrigger", "Abort", "Save", "SaveV2", "SaveSlices", "MergeV2Checkpoints", "AssignVariableOp",
    "AssignAddVariableOp", "AssignSubVariableOp", "InitializeTable", "InitializeTableV2", "InitializeTableFromTextFile",
    "InitializeTableFromTextFileV2", "LookupTableImport", "LookupTableImportV2", "LookupTableInsert", "LookupTableInsertV2", "QueueClose",
    "QueueCloseV2", "QueueEnqueue", "QueueEnqueueV2", "QueueEnqueueMany", "QueueEnqueueManyV2", "StackClose", "StackCloseV2",
    "TensorArrayClose", "TensorArrayCloseV2", "TensorArrayCloseV3", "WriteFile", "WriteSummary", "MakeIterator", "Send", "_Send", "_Retval",
))  # fmt: skip
# Operators that have one result and are common: `:1` of them is no tensor. Of others, conversion finds out.
ONE_RESULT = frozenset((
    "Add", "AddV2", "AvgPool", "BiasAdd", "Cast", "ConcatV2", "Const", "Conv2D", "DepthwiseConv2dNative", "ExpandDims", "GatherV2", "Identity",
    "MatMul", "Max", "MaxPool", "Mean", "Min", "Mul", "Pack", "Pad", "Placeholder", "PlaceholderWithDefault", "RealDiv", "Relu", "Relu6",
    "Reshape", "Rsqrt", "Shape", "Sigmoid", "Slice", "Softmax", "Squeeze", "StridedSlice", "Sub", "Sum", "Tanh", "Transpose",
))  # fmt: skip


class GraphTensor(NamedTuple):
    """A tensor of a frozen graph, with the attributes of TensorFlow's that the converter reads."""

    name: str  #: with ":0"
    shape: Optional[list]  #: None for an unknown dimension, or for an unknown rank
    dtype: Optional[dtypes.DType]
    declared: bool  #: shape is the graph's own, not just not known here


def tensor_name(tensor: Any) -> str:
    """The name without ":0". ValueError (TensorFlow's text) if it has two colons."""
    parts = tensor.name.split(":")
    if len(parts) > 2:
        raise misuse(ValueError, f"Tensor name invalid. Expect 0 or 1 colon, got {len(parts) - 1}")
    return tensor.name if len(parts) > 1 and parts[1] != "0" else parts[0]


def dims_of(shape: Any) -> Optional[list]:
    """A tensor's shape as a list with None for unknown dimensions; None for an unknown rank."""
    if shape is None:
        return None
    if hasattr(shape, "as_list"):
        if getattr(shape, "rank", getattr(shape, "ndims", 0)) is None:
            return None
        shape = shape.as_list()
    dims = [getattr(d, "value", d) for d in shape]
    return [None if d is None or int(d) < 0 else int(d) for d in dims]


def find_tensors(nodes: Sequence[tuple], names: Iterable[Any]) -> list[GraphTensor]:
    """The tensors called `names`, in their order.

    Raises:
      ValueError: some do not exist (TensorFlow's text; `.errors` has the nearest names).
    """
    by_name = {n[0]: n for n in nodes}
    found, invalid, notes = [], [], []
    if isinstance(names, str):
        notes.append(f"a list of names was expected: ['{names}']")
    for name in names:
        if not isinstance(name, str):
            raise misuse(
                ValueError,
                "Invalid type for a tensor name in the provided graph. Expected type for a tensor name is 'str', "
                f"instead got type '{type(name)}' for tensor name '{name}'",
            )
        node, _, slot = name.partition(":")
        entry = by_name.get(node)
        op = entry[1] if entry is not None else ""
        exists = entry is not None and op not in _NO_RESULT
        if exists and ":" in name:
            exists = slot.isdecimal() and slot != "0" and op not in ONE_RESULT
            if slot == "0":
                notes.append(f"leave out ':0': '{node}'")
        if entry is None or not exists:
            invalid.append(name)
            near = nearest(name, by_name) if entry is None and len(invalid) <= 20 and not isinstance(names, str) else ""
            if near:
                notes.append(f"'{name}': did you mean '{near}'?")
            elif op in _NO_RESULT:
                notes.append(f"'{node}' is a {op}, which has no result")
            continue
        placeholder = op.startswith("Placeholder") and not slot
        shape = [None if d < 0 else d for d in entry[2]] if placeholder and entry[2] is not None else None
        found.append(GraphTensor(name if slot else name + ":0", shape, dtypes.as_dtype(entry[3]) if placeholder and entry[3] else None, placeholder))
    if invalid:
        raise misuse(ValueError, f"Invalid tensors '{','.join(invalid)}' were found.", *notes, code="TN1004", nodes=invalid)
    return found


def _text(shape: Optional[Sequence]) -> str:
    if shape is None:
        return "<unknown>"
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(map(str, shape))})"


def _in_brackets(shape: Sequence) -> str:
    return "[" + ",".join("?" if d is None else str(d) for d in shape) + "]"


def _contradiction(old: Optional[list], new: Sequence) -> str:
    """TensorFlow's text for a shape that does not fit; empty if it fits."""
    for d in new:
        if d is not None and int(d) < 0:
            return f"Dimension {d} must be >= 0"
    if old is None:
        return ""
    shapes = f"Shapes are {_in_brackets(old)} and {_in_brackets(new)}."
    if len(old) != len(new):
        return f"Shapes must be equal rank, but are {len(old)} and {len(new)}"
    for i, (a, b) in enumerate(zip(old, new)):
        if a is not None and b is not None and a != b:
            return f"Dimension {i} in both shapes must be equal, but are {a} and {b}. {shapes}"
    return ""


def with_shapes(tensors: list[GraphTensor], shapes: Optional[Mapping[str, Any]]) -> list[GraphTensor]:
    """The tensors with the given shapes where there is one.

    Raises:
      ValueError: a shape of no input, or one that contradicts the graph (TensorFlow's texts).
    """
    if not shapes:
        return tensors
    by_name = {tensor_name(t): t for t in tensors}
    for name, shape in shapes.items():
        if name not in by_name:
            near = nearest(name, by_name)
            raise misuse(ValueError, f"Invalid tensor '{name}' found in tensor shapes map.", *([f"did you mean '{near}'?"] if near else []), nodes=[name])
        if shape is None:
            continue
        t = by_name[name]
        new = list(shape)
        why = _contradiction(t.shape, new)
        if why:
            note = "use None for an unknown dimension" if why.startswith("Dimension -") else "the placeholder's own shape cannot be changed"
            raise misuse(ValueError, f"The shape of tensor '{name}' cannot be changed from {_text(t.shape)} to {shape}. {why}", note, code="TN1012", nodes=[name])
        old = t.shape or [None] * len(new)
        by_name[name] = t._replace(shape=[o if n is None else int(n) for o, n in zip(old, new)])
    return [by_name[tensor_name(t)] for t in tensors]
