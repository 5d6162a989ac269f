#pragma once
// The RELU family on stored numbers: rescaling between two bounds.
#include "ops/quantized_elementwise.h"

namespace toucanet {

/// The stored numbers between two real bounds.
inline QuantizedRange stored_range(float low, float high, const Affine& y, DType t) {
  const QuantizedRange all = range_of(t);
  const auto stored = [&](float v) {
    const double q = static_cast<double>(std::round(v / y.scale)) + y.zero_point;
    return static_cast<int32_t>(std::clamp<double>(q, all.low, all.high));
  };
  return {stored(low), std::isinf(high) ? all.high : stored(high)};
}

template <class Bounds>
Status eval_quantized_relu(EvalContext& c) {
  TRY(const Affine x, affine_in(c, 0));
  TRY(const Affine y, affine_out(c));
  CHECK_OK(check_symmetric(c, {x, y}));
  const FixedMultiplier m = quantize_multiplier(static_cast<double>(x.scale / y.scale));
  const QuantizedRange range = stored_range(Bounds::low, Bounds::high, y, c.out().dtype);
  return map_stored(c, [&](int32_t q) { return finish(multiply_by_quantized_multiplier(q - x.zero_point, m), y.zero_point, range); });
}

}  // namespace toucanet
