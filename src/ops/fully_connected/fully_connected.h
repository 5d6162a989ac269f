#pragma once
#include "ir/graph.h"

namespace toucanet {
enum class WeightsFormat : int8_t { Default, Shuffled4x16Int8 };
template <>
struct EnumNames<WeightsFormat> {
  static constexpr std::string_view names[] = {"default", "shuffled4x16int8"};
};

/// activation(x·wᵀ + bias). x [..., depth], w [units, depth], bias [units] → [batch, units], or [..., units] with keep_num_dims.
struct FullyConnected {
  struct Attrs {
    Activation fused_activation_function = Activation::None;
    WeightsFormat weights_format = WeightsFormat::Default;
    bool keep_num_dims = false;
    bool asymmetric_quantize_inputs = false;
    DType quantized_bias_type = DType::F32;
    DType result_dtype = DType::F32;  ///< of uint8 products, in a file the element type of the result; else ignored
    TOUCANET_FIELDS(fused_activation_function, weights_format, keep_num_dims, asymmetric_quantize_inputs, quantized_bias_type, result_dtype)
  };
  static const OpDef def;
};
}  // namespace toucanet
