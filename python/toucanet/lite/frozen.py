"""The converter proper: a frozen graph, TensorFlow 1's attributes, convert()."""
from __future__ import annotations

import json
import logging
import os
import warnings
from collections.abc import Iterable, Sequence
from typing import Any, Optional, TypeVar

from .. import _native, dtypes
from ..errors import ConverterError, Problem, explain, misuse, nearest
from . import checks, constants, sources
from .attributes import LATER, WarnOnMisspelling
from .names import dims_of, find_tensors, tensor_name, with_shapes
from .options import Optimize, TargetSpec, ours
from .quantization import Samples, recipe_of

log = logging.getLogger("toucanet")
T = TypeVar("T", bound="FrozenGraphConverter")


class FrozenGraphConverter(WarnOnMisspelling):
    """Converts a frozen GraphDef.

    Attributes (TensorFlow's; those not named here stand in attributes.py, and ask for what comes later):
      allow_custom_ops: keep operators that TensorFlow Lite lacks as custom ones (default False).
      experimental_new_converter: False brings back TensorFlow 1's shape rules: only the batch may be unknown, and becomes 1.
      dump_graphviz_dir: folder into which the graph after each stage is written as Graphviz (default None).
      optimizations: Optimize members (default none). DEFAULT and OPTIMIZE_FOR_LATENCY: int8 weights, and with a
        representative_dataset int8 activations. OPTIMIZE_FOR_SIZE: small weights too.
      representative_dataset: a callable, iterable or object with get_next() that gives samples: lists in the inputs' order, or
        dicts by name.
      target_spec: supported_ops {TFLITE_BUILTINS_INT8}: an operator that stays in floats is an error; int16 activations by
        EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8; supported_types [float16]: float16 weights.
      inference_type: without optimizations, TensorFlow 1's way to quantise by FakeQuant nodes or default_ranges_stats (uint8, int8).
      inference_input_type, inference_output_type: types of the model's float inputs and outputs (default float32).
      quantized_input_stats: input name -> (mean, standard deviation): real = (stored - mean) / deviation.
      default_ranges_stats: (least, greatest) value of tensors without a range of their own.
      reorder_across_fake_quant: operators are fused across FakeQuant nodes (default False).
      change_concat_input_ranges: operands of a concatenation take its range (default False; int8 and int16 always do).

    Attributes (ours):
      quantization_recipe: every choice of the quantisation as a dict, JSON text or path, instead of the attributes above
        (default None); doc/quantization.md lists its fields.
      calibration_threads: threads that observe the samples (default 1).
      verify: run the model beside its source on random numbers, and fail if they differ (default True).
      verify_seconds: time that the check may take, in seconds (default 8).
      float16_as_float32: compute float16 and bfloat16 in float32 even where that gives other numbers (default False).
      keep_dropout: keep dropout that is active in the graph instead of removing it (default False).
      disabled_rewrites: names of rewrites to leave out (default none).
      dump_ir_dir: folder into which the graph after each stage is written as text (default None).
      report: what the last convert() found, as a dict; None before.
    """

    # TensorFlow's attributes that _defaults() takes from attributes.LATER.
    drop_control_dependency: bool
    dump_graphviz_video: bool
    conversion_summary_dir: Optional[str]
    unfold_batchmatmul: bool
    legalize_custom_tensor_list_ops: bool
    saved_model_dir: Optional[str]
    _graph_def: Any
    _input_tensors: Any
    _output_tensors: Any
    _input_arrays_with_shape: Any
    _output_arrays: Any

    def _defaults(self) -> None:
        for name, (value, _) in LATER.items():
            setattr(self, name, dict(value) if isinstance(value, dict) else value)
        self.optimizations: Any = set()
        self.target_spec = TargetSpec()
        self.allow_custom_ops = False
        self.experimental_new_converter = self.experimental_new_quantizer = True
        self.experimental_new_dynamic_range_quantizer = self.experimental_enable_resource_variables = True
        self.exclude_conversion_metadata = False
        self.inference_type: Any = dtypes.float32
        self.inference_input_type: Any = None
        self.inference_output_type: Any = None
        self.quantized_input_stats: Any = {}
        self.default_ranges_stats: Any = None
        self.representative_dataset: Any = None
        self.reorder_across_fake_quant = self.change_concat_input_ranges = False
        self._experimental_disable_per_channel = self._experimental_disable_per_channel_quantization_for_dense_layers = False
        self._experimental_full_integer_quantization_bias_type: Any = None
        self.quantization_recipe: Any = None
        self.calibration_threads = 1
        self.output_format = constants.TFLITE
        self.verify, self.verify_seconds = True, 8.0
        self.float16_as_float32 = self.keep_dropout = False
        self.disabled_rewrites: Iterable[str] = ()
        self.dump_ir_dir: Any = None
        self.dump_graphviz_dir: Any = None
        self.report: Optional[dict] = None

    def _set_graph(self, graph_def: Any, input_tensors: Any, output_tensors: Any, input_arrays_with_shape: Any = None, output_arrays: Any = None) -> None:
        self._defaults()
        self._graph_def = sources.from_graph_def(graph_def)
        self._input_tensors, self._output_tensors = input_tensors, output_tensors
        self._control_output_arrays = self._input_arrays_with_shape = self._output_arrays = None
        if not self._has_valid_tensors():
            self._input_arrays_with_shape, self._output_arrays = input_arrays_with_shape, output_arrays
        if input_tensors is not None and input_arrays_with_shape is not None:
            log.warning("input_arrays_with_shape will be ignored when both the given input_tensors and input_arrays_with_shape are not None.")
        if output_tensors is not None and output_arrays is not None:
            log.warning("output_arrays will be ignored when both the given output_tensors and output_arrays are not None.")

    @classmethod
    def _of(cls: type[T], *graph: Any) -> T:
        c = cls.__new__(cls)
        c._set_graph(*graph)
        return c

    @classmethod
    def from_session(cls: type[T], sess: Any, input_tensors: Sequence[Any], output_tensors: Sequence[Any]) -> T:
        """A converter of a TensorFlow session's graph; variables are frozen by the session's own TensorFlow.

        Args:
          sess: a session (needs `graph`, and TensorFlow where there are variables).
          input_tensors: tensors with `name`, `shape` and `dtype`.
          output_tensors: tensors with `name`.
        """
        return cls._of(sources.from_session(sess, output_tensors), input_tensors, output_tensors)

    @classmethod
    def from_frozen_graph(
        cls: type[T], graph_def_file: Any, input_arrays: Sequence[str], output_arrays: Sequence[str], input_shapes: Optional[dict] = None
    ) -> T:
        """A converter of a file that holds a frozen GraphDef, binary or text.

        Args:
          graph_def_file: path of the file.
          input_arrays, output_arrays: names of tensors, without ":0".
          input_shapes: name -> list of dimensions, None for unknown; fills what the graph leaves open. Unlike in TensorFlow,
            a graph with operators that TensorFlow does not know needs none.

        Raises:
          OSError: no such file, or no GraphDef.
          ValueError: not frozen, no such tensor, or a shape that contradicts the graph.
        """
        source = sources.read_frozen_graph(graph_def_file)
        inputs = find_tensors(source.nodes, input_arrays)
        outputs = find_tensors(source.nodes, output_arrays)
        return cls._of(source, with_shapes(inputs, input_shapes), outputs)

    def get_input_arrays(self) -> list[str]:
        """Names of the inputs."""
        if self._has_valid_tensors():
            return [tensor_name(t) for t in self._input_tensors]
        return [name for name, _ in self._input_arrays_with_shape]

    def convert(self) -> bytes:
        """Converts, checks the numbers, and returns the .tflite file. May be called again, also after a failure.

        Raises:
          ValueError: attributes that contradict each other or the graph (TensorFlow's texts).
          ConverterError: the model cannot be converted, something asked for is not available, or the numbers differ;
            `.errors` lists all problems.
        """
        self.report = None
        inputs, outputs, recipe = self._checked()
        samples = None
        if recipe is not None and self.representative_dataset is not None:
            samples = Samples(self.representative_dataset, [name for name, _, _ in inputs])
        model, report = _native.convert_graph_def(
            self._graph_def.content,
            inputs,
            outputs,
            verify=bool(self.verify),
            verify_seconds=float(self.verify_seconds),
            allow_custom_ops=bool(self.allow_custom_ops),
            float16_as_float32=bool(self.float16_as_float32),
            keep_dropout=bool(self.keep_dropout),
            disabled=list(self.disabled_rewrites),
            dump_ir_dir=os.fspath(self.dump_ir_dir or ""),
            dump_graphviz_dir=os.fspath(self.dump_graphviz_dir or ""),
            recipe="" if recipe is None else json.dumps(recipe),
            next_sample=samples,
            calibration_threads=int(self.calibration_threads),
        )
        if samples is not None and samples.failure is not None:
            raise samples.failure
        self.report = report
        for n in report.get("notices", ()):
            log.info("%s: %s", n["code"], n["message"])
        check = report.get("verification", {})
        if model is None:
            raise self._failure([Problem.of(p) for p in report["errors"]])
        if check.get("status") == "skipped":
            log.info("the numbers were not verified: %s", check["reason"] or "verify is False")
        return model

    @staticmethod
    def _failure(problems: list[Problem]) -> BaseException:
        codes = {p.code for p in problems}
        nodes = ",".join(n for p in problems for n in p.nodes)
        if codes == {"TN1004"}:
            return explain(ValueError(f"Invalid tensors '{nodes}' were found."), problems)
        if codes == {"TN1012"}:
            return explain(ValueError("\n".join(map(str, problems))), problems)
        if codes <= {"TN7002", "TN7008"}:
            return explain(ValueError("\n".join(map(str, problems))), problems)
        if codes == {"TN7012"}:
            return explain(ValueError("The inference_input_type and inference_output_type must be tf.float32."), problems)
        if codes == {"TN1009"}:
            return explain(ConverterError(f"tensor {problems[0].nodes[0]} is repeated in the arrays flag"), problems)
        return ConverterError.of(problems)

    # TensorFlow's checks, in its order.
    def _checked(self) -> tuple[list, list, Optional[dict]]:
        source = self._graph_def
        wishes = checks.Wishes(self, source.ops if source else frozenset())
        by_tensors = self._has_valid_tensors()
        if not by_tensors and (not self._input_arrays_with_shape or not self._output_arrays):
            text = "If input_tensors and output_tensors are None, both input_arrays_with_shape and output_arrays|control_output_arrays must be defined."
            raise misuse(ValueError, text)
        if by_tensors:
            inputs = [(tensor_name(t), dims_of(t.shape), t) for t in self._input_tensors]
            outputs = [tensor_name(t) for t in self._output_tensors]
        else:
            inputs = [(name, dims_of(shape), None) for name, shape in self._input_arrays_with_shape]
            outputs = list(self._output_arrays)
        if by_tensors and (not self.experimental_new_converter or self.conversion_summary_dir):
            inputs = [(name, self._old_shape(name, shape, t), t) for name, shape, t in inputs]
        if self.quantized_input_stats:
            lost = [name for name, _, _ in inputs if name not in self.quantized_input_stats]
            if lost:
                raise misuse(ValueError, f"Quantization input stats are not available for input tensors '{','.join(lost)}'.", nodes=lost)
        types = wishes.flags(self.inference_type, self.inference_input_type)
        checks.check_flags(wishes, *types, self.quantized_input_stats, self.output_format)
        specs = [(name, None if shape is None else [-1 if d is None else d for d in shape], self._type_name(t)) for name, shape, t in inputs]
        if source is None:
            raise misuse(ValueError, "graph_def is None: there is nothing to convert")
        problem = checks.unavailable(self, wishes)
        if problem:
            raise problem
        self._check_rewrites()
        return specs, outputs, recipe_of(self, wishes)

    def _check_rewrites(self) -> None:
        if isinstance(self.disabled_rewrites, str):
            raise misuse(TypeError, f"disabled_rewrites is a list of names: ['{self.disabled_rewrites}']")
        known, wrong = _native.rewrites(), []
        for name in self.disabled_rewrites:
            if name not in known:
                near = nearest(name, known)
                wrong.append(Problem("TN0003", f"there is no rewrite '{name}'", (), (f"did you mean '{near}'?",) if near else ()))
        if wrong:
            raise ConverterError.of(wrong)

    @staticmethod
    def _old_shape(name: str, shape: Optional[list], tensor: Any) -> Optional[list]:
        if shape is None:
            if not getattr(tensor, "declared", True):
                return None  # inferred later: TensorFlow knows the shape, we do not yet
            raise misuse(ValueError, f"Provide an input shape for input array '{name}'.", "give input_shapes", nodes=[name])
        if None in shape[1:]:
            text = f"None is only supported in the 1st dimension. Tensor '{name}' has invalid shape '{shape}'."
            raise misuse(ValueError, text, "experimental_new_converter=True keeps unknown dimensions", nodes=[name])
        return [1, *shape[1:]] if shape and shape[0] is None else shape

    @staticmethod
    def _type_name(tensor: Any) -> Optional[str]:
        if tensor is None or getattr(tensor, "dtype", None) is None:
            return None
        t = dtypes.as_dtype(tensor.dtype)
        if t.is_quantized or t.name in ("bfloat16", "resource", "variant"):
            raise misuse(ValueError, f"Unsupported TensorFlow type `{t}` provided for the input type of the TensorFlow model")
        return t.name

    def _has_valid_tensors(self) -> bool:
        return self._input_tensors is not None and bool(self._output_tensors)

    def _set_batch_size(self, batch_size: int) -> None:
        if not self._has_valid_tensors():
            raise misuse(ValueError, "The batch size cannot be set for this model. Please use input_shapes parameter.")
        for t in self._input_tensors:
            shape = dims_of(t.shape)
            if shape and shape[0] is None:
                shape[0] = batch_size
                if hasattr(t, "set_shape"):
                    t.set_shape(shape)
                else:
                    self._input_tensors = [u._replace(shape=shape) if u is t else u for u in self._input_tensors]

    # TensorFlow 1.14's names of what moved.
    @property
    def post_training_quantize(self) -> bool:
        """Deprecated: optimizations holds DEFAULT."""
        self._deprecated("post_training_quantize", "optimizations=[Optimize.DEFAULT]", 3)
        return Optimize.DEFAULT in ours(Optimize, self.optimizations)

    @post_training_quantize.setter
    def post_training_quantize(self, value: Any) -> None:
        self._deprecated("post_training_quantize", "optimizations=[Optimize.DEFAULT]")
        self.optimizations = [Optimize.DEFAULT] if value else []

    @property
    def target_ops(self) -> Any:
        """Deprecated: target_spec.supported_ops."""
        self._deprecated("target_ops", "target_spec.supported_ops", 3)
        return self.target_spec.supported_ops

    @target_ops.setter
    def target_ops(self, value: Any) -> None:
        self._deprecated("target_ops", "target_spec.supported_ops")
        self.target_spec.supported_ops = value

    @staticmethod
    def _deprecated(name: str, instead: str, level: int = 4) -> None:
        warnings.warn(f"Property {name} is deprecated, please use {instead} instead.", stacklevel=level)
