"""tf.lite.Interpreter: runs .tflite models on toucanet's own runtime."""
from __future__ import annotations

import enum
import json
import os
import sys
import warnings
from typing import Any, Callable, Optional

from .._native import _toucanet
from ..errors import Problem, explain, misuse

# What TensorFlow calls the types in its messages.
_TFLITE_NAMES = {"float32": "FLOAT32", "float64": "FLOAT64", "float16": "FLOAT16", "bfloat16": "BFLOAT16", "bool": "BOOL", "string": "STRING", "complex64": "COMPLEX64",
                 "complex128": "COMPLEX128", **{f"{u}int{n}": f"{u.upper()}INT{n}" for u in ("", "u") for n in (8, 16, 32, 64)}}  # fmt: skip
_HELD = """There is at least 1 reference to internal data
      in the interpreter in the form of a numpy array or slice. Be sure to
      only hold the function returned from tensor() if you are using raw
      data access."""


@enum.unique
class OpResolverType(enum.Enum):
    """Which kernels run the operators."""

    AUTO = 0  #: the fastest
    BUILTIN = 1  #: the same
    BUILTIN_REF = 2  #: plain evaluation, operator by operator: the judge of the fast ones
    BUILTIN_WITHOUT_DEFAULT_DELEGATES = 3  #: the fastest; intermediate tensors can be read


def _problems(text: str) -> list[Problem]:
    return [] if text == "[]" else [Problem.of(p) for p in json.loads(text)]


def _numpy_type(name: str) -> Any:
    import numpy as np

    if name == "string":
        return np.bytes_
    if name == "bool":
        return np.bool_
    if name == "bfloat16":
        return np.uint16
    return getattr(np, name, np.object_)


def _type_name(array: Any) -> str:
    """Of an array's elements, as TensorFlow has it."""
    kind = array.dtype.kind
    return "string" if kind in "OSU" else array.dtype.name


def _load_error(problems: list[Problem], path: Optional[str], content: Any) -> BaseException:
    """TensorFlow's exception for a model that cannot be loaded."""
    first = problems[0]
    if path is not None and first.code == "TN1001":
        return explain(ValueError(f"Could not open '{path}'."), problems)
    customs = [p for p in problems if p.code == "TN3007" and "no function is registered" in p.message]
    if customs:
        name = customs[0].message.split(":", 1)[0]
        text = f"Encountered unresolved custom op: {name}.\nSee instructions: https://www.tensorflow.org/lite/guide/ops_custom Node number 0 ({name}) failed to prepare."
        return explain(RuntimeError(text), problems)
    if first.code == "TN1101":
        head = content
        if path is not None:
            with open(path, "rb") as f:
                head = f.read(8)
        mark = bytes(head[4:8])
        if mark != b"TFL3":
            return explain(ValueError(f"Model provided has model identifier '{mark.decode('latin-1')}', should be 'TFL3'\n"), problems)
    return explain(ValueError("\n".join(map(str, problems))), problems)


class Interpreter:
    """Runs a .tflite model; a drop-in for tf.lite.Interpreter and ai_edge_litert.interpreter.Interpreter.

    Args:
      model_path: a .tflite file, mapped into memory.
      model_content: its bytes, instead.
      experimental_delegates: none are known here; a list that is not empty is refused.
      num_threads: threads that share each operator's work; results do not depend on it. Default 1.
      experimental_op_resolver_type: an OpResolverType (TensorFlow's own are taken too).
      experimental_preserve_all_tensors: tensors share no memory, so that every one can be read after invoke().
      rounding: how int8 CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV and FULLY_CONNECTED bring sums back to 8 bits: "reference", as LiteRT's reference
        kernels, or "xnnpack", as its default delegate. Results of an operator differ by one at most.
      custom_operators: name -> f(options: bytes, operands: list of arrays, None where absent) -> list of arrays.

    Raises:
      ValueError: no such file, not a model, an operator that cannot be run (all of them are in `.errors`).
      RuntimeError: a custom operator without a function.
    """

    def __init__(self, model_path: Any = None, model_content: Optional[bytes] = None, experimental_delegates: Any = None, num_threads: Optional[int] = None,
                 experimental_op_resolver_type: Any = OpResolverType.AUTO, experimental_preserve_all_tensors: bool = False,
                 experimental_disable_delegate_clustering: bool = False, experimental_default_delegate_latest_features: bool = False,
                 experimental_compress_quantization_zero_points: bool = False, experimental_disable_delegate_node_fusion: bool = False,
                 experimental_force_delegate_node_profiling: bool = False,
                 *, rounding: str = "reference", custom_operators: Optional[dict[str, Callable]] = None):  # fmt: skip
        name = getattr(experimental_op_resolver_type, "name", None)
        if name not in OpResolverType.__members__:
            raise misuse(ValueError, f"Unrecognized passed in op resolver type: {experimental_op_resolver_type}")
        self._resolver = OpResolverType[name]
        if num_threads is not None:
            if not isinstance(num_threads, int):
                raise misuse(ValueError, "type of num_threads should be int")
            if num_threads < 1:
                raise misuse(ValueError, "num_threads should >= 1")
        if rounding not in ("reference", "xnnpack"):
            raise misuse(ValueError, f"rounding is 'reference' or 'xnnpack', not {rounding!r}")
        if experimental_delegates:
            raise misuse(ValueError, "delegates are not available: the kernels of this runtime are its own", "leave experimental_delegates out", code="TN0011")
        if not model_path and not model_content:
            raise misuse(ValueError, "`model_path` or `model_content` must be specified.")
        if model_path and model_content:
            raise misuse(ValueError, "Can't both provide `model_path` and `model_content`")
        self._preserve = bool(experimental_preserve_all_tensors)
        self.experimental_compress_quantization_zero_points = experimental_compress_quantization_zero_points
        path = os.fspath(model_path) if model_path else None
        if path is None and not isinstance(model_content, (bytes, bytearray, memoryview)):
            raise misuse(TypeError, f"model_content must be bytes, it is {type(model_content).__name__}")
        content = None if path is not None else bytes(model_content)  # type: ignore[arg-type]
        self._model = _toucanet.Model()
        problems = _problems(self._model.load(content, path, int(num_threads or 1), self._resolver is OpResolverType.BUILTIN_REF, self._preserve,
                                              rounding == "xnnpack", custom_operators or {}))  # fmt: skip
        if problems:
            raise _load_error(problems, path, content)
        self._signatures = {key: (graph, ins, outs) for key, graph, ins, outs in self._model.signatures()}

    # Arrays that point into the interpreter hold a reference to the model.
    def _safe_to_run(self) -> bool:
        return sys.getrefcount(self._model) == 2

    def _ensure_safe(self) -> None:
        if not self._safe_to_run():
            raise misuse(RuntimeError, _HELD)

    def allocate_tensors(self) -> None:
        """Plans memory and kernels for the inputs' shapes. Before the first set_tensor() and after each resize.

        Raises:
          RuntimeError: the shapes do not fit the operators.
        """
        self._ensure_safe()
        self._allocate(0)

    def _allocate(self, subgraph: int) -> None:
        if problems := _problems(self._model.allocate(subgraph)):
            raise explain(RuntimeError("\n".join(map(str, problems))), problems)

    def invoke(self) -> None:
        """Runs the model. The GIL is released meanwhile.

        Raises:
          RuntimeError: not allocated, an array still points into the interpreter, or an operator failed.
        """
        self._ensure_safe()
        self._invoke(0)

    def _invoke(self, subgraph: int) -> None:
        if not self._model.planned(subgraph):
            raise misuse(RuntimeError, "Invoke called on model that is not ready.", "call allocate_tensors() first")
        if problems := _problems(self._model.invoke(subgraph)):
            raise explain(RuntimeError("\n".join(map(str, problems))), problems)

    def _check_index(self, index: int, subgraph: int) -> int:
        count = self._model.tensors(subgraph)
        if not 0 <= int(index) < count:
            raise misuse(ValueError, f"Invalid tensor index {index} exceeds max tensor index {count - 1}")
        return int(index)

    def _details(self, index: int, subgraph: int) -> dict[str, Any]:
        import numpy as np

        d = self._model.tensor_details(subgraph, self._check_index(index, subgraph))
        scales, zeros = np.array(d["scales"], np.float32), np.array(d["zero_points"], np.int32)
        return {
            "name": d["name"],
            "index": d["index"],
            "shape": np.array(d["shape"], np.int32),
            "shape_signature": np.array(d["shape_signature"], np.int32),
            "dtype": _numpy_type(d["dtype"]),
            "quantization": (float(scales[0]), int(zeros[0])) if len(scales) == 1 else (0.0, 0),
            "quantization_parameters": {"scales": scales, "zero_points": zeros, "quantized_dimension": d["quantized_dimension"], "block_size": 0},
            "sparsity_parameters": {},
        }

    def get_input_details(self) -> list[dict[str, Any]]:
        """One dictionary for each input: name, index, shape, shape_signature (-1: unknown), dtype, quantization_parameters."""
        return [self._details(i, 0) for i in self._model.inputs(0)]

    def get_output_details(self) -> list[dict[str, Any]]:
        """The same for the outputs."""
        return [self._details(i, 0) for i in self._model.outputs(0)]

    def get_tensor_details(self, subgraph_index: int = 0) -> list[dict[str, Any]]:
        """The same for every tensor of a subgraph."""
        count = self.num_subgraphs()
        if not 0 <= subgraph_index < count:
            raise misuse(ValueError, f"subgraph_index is out of range: {subgraph_index} for the model, which has {count} subgraphs.")
        return [self._details(i, subgraph_index) for i in range(self._model.tensors(subgraph_index))]

    def num_subgraphs(self) -> int:
        return self._model.subgraphs()

    def resize_tensor_input(self, input_index: int, tensor_size: Any, strict: bool = False) -> None:
        """Gives an input another shape; allocate_tensors() has to follow.

        Args:
          input_index: "index" of get_input_details().
          tensor_size: the dimensions.
          strict: only dimensions that are -1 in shape_signature may change.

        Raises:
          RuntimeError: no such input, a negative dimension, or one that strict forbids.
        """
        self._ensure_safe()
        self._resize(0, int(input_index), [int(d) for d in tensor_size], strict)

    def _resize(self, subgraph: int, index: int, dims: list[int], strict: bool) -> None:
        inputs = list(self._model.inputs(subgraph))
        if index not in inputs:
            raise misuse(RuntimeError, f"tensor {index} is not an input: {inputs} are")
        if any(d < 0 for d in dims):
            raise misuse(RuntimeError, f"a dimension of {dims} is negative")
        if strict:
            d = self._details(index, subgraph)
            now, signature = list(d["shape"]), list(d["shape_signature"])
            if len(now) != len(dims):
                raise misuse(RuntimeError, f"tensor->dims->size != dims.size() ({len(now)} != {len(dims)})")
            for k, (old, new) in enumerate(zip(now, dims)):
                if old != new and signature[k] != -1:
                    raise misuse(RuntimeError, f"Attempting to resize dimension {k} of tensor {index} with value {old} to {new}. "
                                 "ResizeInputTensorStrict only allows mutating unknown dimensions identified by -1.")  # fmt: skip
        self._model.resize_input(subgraph, inputs.index(index), dims)

    def set_tensor(self, tensor_index: int, value: Any) -> None:
        """Copies `value` into a tensor; its type and shape must be the tensor's.

        Raises:
          ValueError: not allocated, or another type or shape.
        """
        self._set(0, tensor_index, value)

    def _set(self, subgraph: int, tensor_index: int, value: Any) -> None:
        import numpy as np

        index = self._check_index(tensor_index, subgraph)
        array = np.asarray(value)
        d = self._details(index, subgraph)
        want = self._model.tensor_details(subgraph, index)["dtype"]
        if not self._model.planned(subgraph):
            raise misuse(ValueError, "Cannot set tensor: Tensor is unallocated. Try calling allocate_tensors() first")
        have = _type_name(array)
        if have != want and not (want == "bfloat16" and have == "uint16"):
            raise misuse(ValueError, f"Cannot set tensor: Got value of type {_TFLITE_NAMES.get(have, have.upper())} but expected type "
                         f"{_TFLITE_NAMES.get(want, want.upper())} for input {index}, name: {d['name']} ")  # fmt: skip
        if want == "string":
            flat = [v if isinstance(v, bytes) else str(v).encode() for v in array.ravel().tolist()]
            self._model.set_strings(subgraph, index, list(array.shape), flat)
            return
        shape = d["shape"]
        if array.ndim != len(shape):
            raise misuse(ValueError, f"Cannot set tensor: Dimension mismatch. Got {array.ndim} but expected {len(shape)} for input {index}.")
        for k, (got, expected) in enumerate(zip(array.shape, shape)):
            if got != expected:
                raise misuse(ValueError, f"Cannot set tensor: Dimension mismatch. Got {got} but expected {expected} for dimension {k} of input {index}.")
        view = self._view(subgraph, index)
        view[...] = array

    def _view(self, subgraph: int, index: int) -> Any:
        view = self._model.view(subgraph, index) if self._model.planned(subgraph) else None
        if view is None:
            raise misuse(ValueError, "Tensor data is null. Run allocate_tensors() first")
        return view

    def _readable(self, subgraph: int, index: int) -> None:
        """Memory of intermediate tensors is used again during a run."""
        if self._preserve or self._resolver not in (OpResolverType.AUTO, OpResolverType.BUILTIN):
            return
        if index in self._model.inputs(subgraph) or index in self._model.outputs(subgraph) or self._model.is_constant(subgraph, index):
            return
        raise misuse(ValueError, "Tensor data is null. Run allocate_tensors() first",
                     "the memory of intermediate tensors is shared: experimental_preserve_all_tensors=True keeps them")  # fmt: skip

    def get_tensor(self, tensor_index: int, subgraph_index: int = 0) -> Any:
        """A copy of a tensor's value.

        Raises:
          ValueError: not allocated, or an intermediate tensor whose memory has been used again.
        """
        import numpy as np

        index = self._check_index(tensor_index, subgraph_index)
        self._readable(subgraph_index, index)
        if (strings := self._model.strings(subgraph_index, index)) is not None and self._model.planned(subgraph_index):
            dims, values = strings
            return np.array(values, np.object_).reshape(dims)
        return np.array(self._view(subgraph_index, index))

    def tensor(self, tensor_index: int) -> Callable[[], Any]:
        """A function that gives an array of the tensor's own memory. Hold the function, not the array: while one is
        held, allocate_tensors(), resize_tensor_input() and invoke() raise RuntimeError."""

        def view() -> Any:
            return self._view(0, self._check_index(tensor_index, 0))

        return view

    def get_signature_list(self) -> dict[str, dict[str, list[str]]]:
        """signature key -> {"inputs": names, "outputs": names}."""
        return {key: {"inputs": list(ins), "outputs": list(outs)} for key, (_, ins, outs) in self._signatures.items()}

    def _get_full_signature_list(self) -> dict[str, dict[str, dict[str, int]]]:
        return {key: {"inputs": dict(ins), "outputs": dict(outs)} for key, (_, ins, outs) in self._signatures.items()}

    def get_signature_runner(self, signature_key: Optional[str] = None) -> "SignatureRunner":
        """A function of the signature's inputs by name that gives its outputs by name.

        Raises:
          ValueError: no such signature, or None where there are several.
        """
        if signature_key is None:
            if len(self._signatures) != 1:
                raise misuse(ValueError, f"SignatureDef signature_key is None and model has {len(self._signatures)} Signatures. "
                             "None is only allowed when the model has 1 SignatureDef")  # fmt: skip
            signature_key = next(iter(self._signatures))
        return SignatureRunner(self, signature_key)

    def reset_all_variables(self) -> None:
        """Variables are as before the first run."""
        self._model.reset_variables()

    def _get_ops_details(self) -> list[dict[str, Any]]:
        """Operators of the main graph: index, op_name, inputs and outputs by tensor index, their types."""
        import numpy as np

        def types(indices: list[int]) -> list[Any]:
            return [self._details(i, 0)["dtype"] for i in indices if i != -1]

        return [{"index": k, "op_name": name, "inputs": np.array(ins, np.int32), "outputs": np.array(outs, np.int32),
                 "operand_types": types(ins), "result_types": types(outs)} for k, (name, ins, outs) in enumerate(self._model.operators(0))]  # fmt: skip

    def _get_op_details(self, op_index: int) -> dict[str, Any]:
        return self._get_ops_details()[op_index]


class SignatureRunner:
    """Runs one signature of a model: runner(x=..., y=...) -> {output name: array}."""

    def __init__(self, interpreter: Optional[Interpreter] = None, signature_key: Optional[str] = None):
        if interpreter is None:
            raise misuse(ValueError, "None interpreter provided.")
        if signature_key is None:
            raise misuse(ValueError, "None signature_key provided.")
        if signature_key not in interpreter._signatures:
            raise misuse(ValueError, "Invalid signature_key provided.", f"the model has {sorted(interpreter._signatures)}")
        self._interpreter = interpreter
        self._subgraph, self._inputs, self._outputs = interpreter._signatures[signature_key]

    def __call__(self, **kwargs: Any) -> dict[str, Any]:
        if len(kwargs) != len(self._inputs):
            raise misuse(ValueError, f"Invalid number of inputs provided for running a SignatureDef, expected {len(self._inputs)} vs provided {len(kwargs)}",
                         f"its inputs are {list(self._inputs)}")  # fmt: skip
        import numpy as np

        it = self._interpreter
        it._ensure_safe()
        for name, value in kwargs.items():
            if name not in self._inputs:
                raise misuse(ValueError, f"Invalid Input name ({name}) for SignatureDef", f"its inputs are {list(self._inputs)}")
            it._resize(self._subgraph, self._inputs[name], list(np.shape(value)), False)
        it._allocate(self._subgraph)
        for name, value in kwargs.items():
            it._set(self._subgraph, self._inputs[name], value)
        it._invoke(self._subgraph)
        return {name: it.get_tensor(index, self._subgraph) for name, index in self._outputs.items()}

    def get_input_details(self) -> dict[str, dict[str, Any]]:
        """Input name -> details as of Interpreter.get_input_details()."""
        return {name: self._interpreter._details(i, self._subgraph) for name, i in self._inputs.items()}

    def get_output_details(self) -> dict[str, dict[str, Any]]:
        """The same for the outputs."""
        return {name: self._interpreter._details(i, self._subgraph) for name, i in self._outputs.items()}


class InterpreterWithCustomOps(Interpreter):
    """TensorFlow's class whose registerers are C++ symbols, which this runtime cannot call."""

    def __init__(self, custom_op_registerers: Any = None, **kwargs: Any):
        if custom_op_registerers:
            warnings.warn("custom_op_registerers register C++ kernels of TensorFlow Lite and are not called: use custom_operators={name: function}", stacklevel=2)
        super().__init__(**kwargs)
