"""The converter's attributes: their defaults, and what this release cannot do with them yet.

Names and defaults are TensorFlow 2.15.1's, those that 2.16 to 2.21 added, and ours.
"""
from __future__ import annotations

import warnings
from typing import Any

from ..errors import nearest

# Attributes whose default changes nothing that a float model needs: any other value asks for what is not there yet.
LATER: dict[str, tuple[Any, str]] = {
    # quantisation
    "_experimental_calibrate_only": (False, "calibration"),
    "_experimental_quantization_options": (None, "quantisation"),
    "_experimental_tf_quantization_mode": (None, "quantisation"),
    "_experimental_low_bit_qat": (False, "quantisation"),
    "_experimental_variable_quantization": (False, "quantisation"),
    "_experimental_qdq_conversion_mode": (None, "quantisation"),
    "_experimental_strict_qdq": (False, "quantisation"),
    "experimental_use_stablehlo_quantizer": (False, "quantisation"),
    "experimental_stablehlo_quantizer_config": (None, "quantisation"),
    "_experimental_reduce_type_precision": (False, "narrower types"),
    "_experimental_sparsify_model": (False, "sparse weights"),
    # operators
    "unfold_batchmatmul": (False, "unfolding of BatchMatMul"),
    "legalize_custom_tensor_list_ops": (False, "tensor lists as custom operators"),
    "_experimental_lower_tensor_list_ops": (True, "tensor lists as TensorFlow operators"),
    "_experimental_default_to_single_batch_in_tensor_list_ops": (False, "tensor lists of a fixed batch"),
    "_experimental_unfold_large_splat_constant": (False, "unfolding of splat constants"),
    "_experimental_enable_dynamic_update_slice": (False, "DYNAMIC_UPDATE_SLICE"),
    "_experimental_preserve_assert_op": (False, "Assert operators in the model"),
    "_experimental_guarantee_all_funcs_one_use": (False, "one copy of a function for each call"),
    "_experimental_allow_all_select_tf_ops": (False, "TensorFlow operators in the model"),
    "_experimental_disable_fuse_mul_and_fc": (False, "this switch; disabled_rewrites turns rewrites off by name"),
    "_experimental_enable_composite_direct_lowering": (True, "StableHLO composites"),
    "_experimental_unsafe_fuse_dynamic_shaped_broadcast": (False, "fusing of broadcasts that cannot be proven right"),
    "canonicalizing_inf_as_min_max_float": (True, "infinities kept in constants on request"),
    "drop_control_dependency": (True, "control dependencies in a .tflite model"),
    "_experimental_use_buffer_offset": (False, "models beyond 2 GB on request"),
    "saved_model_dir": (None, "SavedModels"),
    # looking inside
    "dump_graphviz_video": (False, "videos of Graphviz files; dump_graphviz_dir writes each stage"),
    "conversion_summary_dir": (None, "conversion summaries; converter.report holds what is known"),
    "serialize_debug_metadata": (False, "debug metadata in the model"),
    **{p + n: (None, "MLIR's debug output") for p in ("mlir_", "") for n in (
        "dump_dir", "dump_pass_regex", "dump_func_regex", "enable_timing", "print_ir_before", "print_ir_after", "print_ir_module_scope",
        "elide_elementsattrs_if_larger") if p or not n.startswith("dump")},
    **{n: (None, "MLIR's debug output") for n in ("ir_dump_dir", "ir_dump_pass_regex", "ir_dump_func_regex")},
}  # fmt: skip

# Attributes that are read elsewhere, or that make no difference here.
OTHER = frozenset((
    "optimizations", "target_spec", "inference_type", "inference_input_type", "inference_output_type", "output_format", "allow_custom_ops",
    "experimental_new_converter", "experimental_new_quantizer", "experimental_new_dynamic_range_quantizer",
    "experimental_enable_resource_variables", "exclude_conversion_metadata", "experimental_lower_to_saved_model", "model_origin_framework",
    "_debug_info", "_saved_model_tags", "_saved_model_version", "_saved_model_exported_names", "_debug_info_func", "_graph_def",
    "_input_tensors", "_output_tensors", "_control_output_arrays", "_input_arrays_with_shape", "_output_arrays", "_funcs", "_trackable_obj",
    "post_training_quantize", "target_ops", "dump_graphviz_dir",
    "quantized_input_stats", "default_ranges_stats", "reorder_across_fake_quant", "change_concat_input_ranges", "representative_dataset",
    "_experimental_disable_per_channel", "_experimental_disable_per_channel_quantization_for_dense_layers",
    "_experimental_full_integer_quantization_bias_type",
    # ours
    "quantization_recipe", "calibration_threads", "verify", "verify_seconds", "float16_as_float32", "keep_dropout", "disabled_rewrites", "dump_ir_dir", "report", "_bytes",
))  # fmt: skip


class WarnOnMisspelling:
    """Setting an attribute that is not known warns with the nearest one, instead of passing in silence."""

    _known: frozenset = frozenset(LATER) | OTHER

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._known:
            near = nearest(name, (k for k in self._known if not k.startswith("_") or name.startswith("_")))
            hint = f"; did you mean '{near}'?" if near else "."
            warnings.warn(f"{type(self).__name__} has no attribute '{name}'{hint} It is kept, but changes nothing.", UserWarning, stacklevel=2)
        object.__setattr__(self, name, value)
