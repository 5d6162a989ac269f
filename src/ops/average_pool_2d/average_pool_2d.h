#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x [N,H,W,C] → [N,H',W',C]: the mean of each window's valid elements; then the activation.
struct AveragePool2D {
  struct Attrs {
    Padding padding = Padding::Same;
    int32_t stride_w = 1;
    int32_t stride_h = 1;
    int32_t filter_width = 1;
    int32_t filter_height = 1;
    Activation fused_activation_function = Activation::None;
    TOUCANET_FIELDS(padding, stride_w, stride_h, filter_width, filter_height, fused_activation_function)
  };
  static const OpDef def;
};
}  // namespace toucanet
