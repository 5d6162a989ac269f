#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The gradient of a convolution by its input: y of the given shape [N,H,W,O] such that conv(y) has the shape of
/// input [N,h,w,I]. filter [O,KH,KW,I], bias [O].
struct TransposeConv {
  struct Attrs {
    Padding padding = Padding::Same;
    int32_t stride_w = 1;
    int32_t stride_h = 1;
    Activation fused_activation_function = Activation::None;
    DType quantized_bias_type = DType::F32;
    TOUCANET_FIELDS(padding, stride_w, stride_h, fused_activation_function, quantized_bias_type)
  };
  static const OpDef def;
};
}  // namespace toucanet
