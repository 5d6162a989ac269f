#pragma once
// Scales and zero points from ranges and weights. Source: TensorFlow's converter, in double as there.
#include "ir/tensor.h"

namespace toucanet {

struct Range {
  double min = 0, max = 0;
  void join(const Range& o) { min = std::min(min, o.min), max = std::max(max, o.max); }
};

/// Of an activation stored as int8 or uint8 (asymmetric) or int16 (symmetric). The range is widened to hold 0, and to
/// a least width; scale float32 > 0.
Quant activation_quant(Range, DType);
/// Of weights stored as int8: symmetric, −127 to 127, a scale for each index of `axis` (−1: one in all). Constants
/// that are 0 get the least scale.
Quant weight_quant(const Tensor& w, int axis);

/// The stored numbers of a float tensor, nearest with halves away from zero. `narrow`: int8 from −127.
Tensor quantize_tensor(const Tensor&, std::shared_ptr<const Quant>, DType, bool narrow);
/// int32 (int64 next to int16 activations) with scale = input's · weights'. Weights' scales that are too small for the
/// bias to fit are raised in `w`, which must not have been used yet.
Tensor quantize_bias(const Tensor& bias, double input_scale, Quant& w, DType activation);

}  // namespace toucanet
