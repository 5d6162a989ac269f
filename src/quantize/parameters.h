#pragma once
// Scales and zero points from ranges and weights. Source: TensorFlow's converter, in double as there.
#include "ir/tensor.h"

namespace toucanet {

struct MinMax {
  double min = 0, max = 0;
  void join(const MinMax& o) { min = std::min(min, o.min), max = std::max(max, o.max); }
  bool operator==(const MinMax&) const = default;
};

/// The least and greatest number that a type stores.
struct StoredLimits {
  double low, high;
};
constexpr StoredLimits stored_limits(DType t) {
  switch (t) {
    case DType::I4: return {-8, 7};
    case DType::U8: return {0, 255};
    case DType::I16: return {-32768, 32767};
    case DType::U16: return {0, 65535};
    case DType::I32: return {-2147483648.0, 2147483647.0};
    default: return {-128, 127};
  }
}

/// Of constants that are all 0: no scale is less.
inline constexpr double least_half_range = 5e-7, least_scale = least_half_range / 127;

/// Of an activation stored as int8 or uint8 (asymmetric) or int16 (symmetric). The range is widened to hold 0, and to
/// a least width; scale float32 > 0.
Quant activation_quant(MinMax, DType);
/// Of weights stored as int8: symmetric, −127 to 127, a scale for each index of `axis` (−1: one in all). Constants
/// that are 0 get the least scale.
Quant weight_quant(const Tensor& w, int axis);

/// Why no scale stores a constant, "holds nan"; empty: one does. `clamps`: infinities may become the least and greatest number.
std::string unstorable(const Tensor&, bool clamps = false);

/// f(element, channel) for every element; a channel is an index of `axis`, −1: there is one.
template <class F>
void for_each_channel(const Tensor& t, int axis, F&& f) {
  int64_t inner = 1, channels = 1;
  if (axis >= 0) {
    channels = t.dims[static_cast<size_t>(axis)];
    for (size_t i = static_cast<size_t>(axis) + 1; i < t.rank(); ++i) inner *= t.dims[i];
  }
  const int64_t n = t.elements();
  for (int64_t i = 0; i < n; ++i) f(i, axis < 0 ? 0 : i / inner % channels);
}

/// The stored numbers of a float tensor, nearest with halves away from zero. `narrow`: int8 from −127.
Tensor quantize_tensor(const Tensor&, std::shared_ptr<const Quant>, DType, bool narrow);
/// Scale = input's · weights'. Weights' scales that are too small for the
/// bias to fit are raised in `w`, which must not have been used yet. `stored`: int32 or int64.
Tensor quantize_bias(const Tensor& bias, double input_scale, Quant& w, DType stored);

}  // namespace toucanet
