#pragma once
#include "ir/graph.h"

namespace toucanet {
/// activation(conv(input, filter) + bias). input [N,H,W,I], filter [O,KH,KW,I/groups], bias [O] → [N,H',W',O].
struct Conv2D {
  struct Attrs {
    Padding padding = Padding::Same;
    int32_t stride_w = 1;
    int32_t stride_h = 1;
    Activation fused_activation_function = Activation::None;
    int32_t dilation_w_factor = 1;
    int32_t dilation_h_factor = 1;
    DType quantized_bias_type = DType::F32;
    TOUCANET_FIELDS(padding, stride_w, stride_h, fused_activation_function, dilation_w_factor, dilation_h_factor, quantized_bias_type)
  };
  static const OpDef def;
};
}  // namespace toucanet
