#pragma once
#include <algorithm>

#include "runtime/eval_context.h"

namespace toucanet::ops::conv_2d {
/// Activations int8, uint8 or int16 with 8-bit filters; float32 with quantised filters (hybrid).
Status eval_quantized(EvalContext&);

/// Whether LiteRT's hybrid kernel takes a filter for one of several scales; equal ones count as one.
inline bool scales_differ(const Quant& q) {
  return std::any_of(q.scale.begin(), q.scale.end(), [&](float s) { return s != q.scale[0]; });
}
}  // namespace toucanet::ops::conv_2d
