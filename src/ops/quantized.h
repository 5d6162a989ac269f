#pragma once
// What evaluations on quantised numbers share. Arithmetic: kernels/requantize.h.
#include "kernels/requantize.h"
#include "ops/shapes.h"
#include "runtime/eval_context.h"

namespace toucanet {

/// scale · (q − zero_point), one for the whole tensor.
struct Affine {
  float scale = 1;
  int32_t zero_point = 0;
};

/// Of a tensor that has one scale. TN3011 where it has none, several, or one that no number can have.
inline Expected<Affine> affine_of(const OpDef& op, const Tensor& t, std::string_view what) {
  if (!t.quant || t.quant->scale.size() != 1) return diag("TN3011", "{}: {} has {} scales, one is needed", op.name, what, t.quant ? t.quant->scale.size() : 0);
  const float scale = t.quant->scale[0];
  if (!(scale > 0) || !std::isfinite(scale)) return diag("TN3011", "{}: {} has the scale {}", op.name, what, scale);
  const int64_t zero = t.quant->zero_point.empty() ? 0 : t.quant->zero_point[0];
  if (zero < INT32_MIN || zero > INT32_MAX) return diag("TN3011", "{}: {} has the zero point {}", op.name, what, zero);
  return Affine{scale, static_cast<int32_t>(zero)};
}
inline Expected<Affine> affine_in(const EvalContext& c, size_t i) { return affine_of(c.op(), c.in(i), fmt::format("operand {}", i)); }
inline Expected<Affine> affine_out(EvalContext& c, size_t i = 0) { return affine_of(c.op(), c.out(i), fmt::format("result {}", i)); }

/// A scale for each of `channels` (one scale serves all). TN3011 where they do not fit or are not numbers.
inline Expected<std::vector<float>> channel_scales(const OpDef& op, const Tensor& t, int64_t channels, std::string_view what) {
  const auto n = static_cast<size_t>(channels);
  if (!t.quant || (t.quant->scale.size() != 1 && t.quant->scale.size() != n))
    return diag("TN3011", "{}: {} has {} scales for {} channels", op.name, what, t.quant ? t.quant->scale.size() : 0, channels);
  for (float s : t.quant->scale)
    if (!(s >= 0) || !std::isfinite(s)) return diag("TN3011", "{}: {} has the scale {}", op.name, what, s);
  std::vector<float> scales(n, t.quant->scale[0]);
  if (t.quant->scale.size() == n) scales = t.quant->scale;
  return scales;
}

/// The stored numbers that an activation lets through.
struct QuantizedRange {
  int32_t low, high;
};
template <class T>
constexpr QuantizedRange range_of() {
  return {std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
}
inline QuantizedRange range_of(DType t) {
  return t == DType::I8 ? range_of<int8_t>() : t == DType::U8 ? range_of<uint8_t>() : t == DType::I16 ? range_of<int16_t>() : range_of<int32_t>();
}
/// TFLite's CalculateActivationRangeQuantized: bounds are rounded to stored numbers in float32.
inline QuantizedRange activation_range(Activation a, const Affine& y, DType t) {
  QuantizedRange r = range_of(t);
  const auto stored = [&](float v) {
    const float q = std::round(v / y.scale);
    return q >= 2147483648.0f    ? INT32_MAX
           : q <= -2147483648.0f ? INT32_MIN
                                 : static_cast<int32_t>(std::clamp<int64_t>(int64_t{y.zero_point} + static_cast<int64_t>(q), INT32_MIN, INT32_MAX));
  };
  if (a == Activation::Relu || a == Activation::Relu6) r.low = std::max(r.low, stored(0));
  if (a == Activation::Relu6) r.high = std::min(r.high, stored(6));
  if (a == Activation::ReluN1To1) r = {std::max(r.low, stored(-1)), std::min(r.high, stored(1))};
  return r;
}

/// Adds the zero point and clamps; the sum wraps at 32 bits, as in TFLite.
inline int32_t finish(int32_t rescaled, int32_t zero_point, QuantizedRange r) {
  const auto y = static_cast<int32_t>(static_cast<uint32_t>(rescaled) + static_cast<uint32_t>(zero_point));
  return std::min(std::max(y, r.low), r.high);
}

/// dispatch() over the types that store quantised activations.
template <class F>
bool dispatch_quantized(DType t, F&& f) {
  switch (t) {
    case DType::I8: return f(int8_t{}), true;
    case DType::U8: return f(uint8_t{}), true;
    case DType::I16: return f(int16_t{}), true;
    default: return false;
  }
}

}  // namespace toucanet
