#pragma once
#include "ir/graph.h"

namespace toucanet {
/// activation(conv(input, filter) + bias). input [N,D,H,W,I], filter [KD,KH,KW,I,O], bias [O] → [N,D',H',W',O].
struct Conv3D {
  struct Attrs {
    Padding padding = Padding::Same;
    int32_t stride_d = 1;
    int32_t stride_w = 1;
    int32_t stride_h = 1;
    Activation fused_activation_function = Activation::None;
    int32_t dilation_d_factor = 1;
    int32_t dilation_w_factor = 1;
    int32_t dilation_h_factor = 1;
    TOUCANET_FIELDS(padding, stride_d, stride_w, stride_h, fused_activation_function, dilation_d_factor, dilation_w_factor, dilation_h_factor)
  };
  static const OpDef def;
};
}  // namespace toucanet
