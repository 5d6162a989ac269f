#include "ops/accumulate.h"

namespace toucanet {

int32_t Accumulation::rounded_to_even(int32_t sum, int64_t o) const {
  const float scaled = static_cast<float>(sum) * to_even[static_cast<size_t>(o)];
  const auto whole = static_cast<int32_t>(std::nearbyint(std::clamp(scaled, -1048576.0f, 1048576.0f)));
  return std::clamp(whole + y.zero_point, range.low, range.high);
}

// The bounds of an activation as XNNPACK stores them.
static QuantizedRange xnnpack_range(Activation a, const Affine& y) {
  QuantizedRange r = range_of<int8_t>();
  const auto stored = [&](float v) {
    return static_cast<int32_t>(std::nearbyint(std::clamp(v / y.scale + static_cast<float>(y.zero_point), -128.0f, 127.0f)));
  };
  if (a == Activation::Relu || a == Activation::Relu6) r.low = stored(0);
  if (a == Activation::Relu6) r.high = stored(6);
  if (a == Activation::ReluN1To1) r = {stored(-1), stored(1)};
  return r;
}

Expected<Accumulation> accumulation(const OpDef& op, const Tensor& x, const Tensor& w, const Tensor* bias, const Tensor& y, int64_t channels,
                                    Activation activation, Rounding rounding, ScaleProduct product) {
  Accumulation a;
  TRY(const Affine sx, affine_of(op, x, "the input"));
  TRY(a.y, affine_of(op, y, "the result"));
  TRY(const auto scales, channel_scales(op, w, channels, "the filter"));
  a.x_zero = sx.zero_point;
  const auto& zeros = w.quant->zero_point;
  a.w_zero = zeros.empty() ? 0 : static_cast<int32_t>(zeros[0]);
  if (x.dtype != DType::U8 && std::any_of(zeros.begin(), zeros.end(), [](int64_t z) { return z != 0; }))
    return diag("TN3011", "{}: the filter's zero point is not 0", op.name);
  if (x.dtype == DType::I16 && (sx.zero_point || a.y.zero_point)) return diag("TN3011", "{}: int16 needs zero points of 0", op.name);
  if (bias && bias->dtype != DType::I32 && !(bias->dtype == DType::I64 && x.dtype == DType::I16))
    return diag("TN3002", "{} cannot be computed with a bias of {}", op.name, name(bias->dtype));
  a.bias = bias;
  a.wide = x.dtype == DType::I16 && (!a.bias || a.bias->dtype == DType::I64);
  a.range = activation_range(activation, a.y, y.dtype);
  const bool in_float = x.dtype == DType::U8 || product == ScaleProduct::Float;
  const bool even = rounding == Rounding::Xnnpack && x.dtype == DType::I8 && w.dtype == DType::I8 && y.dtype == DType::I8;
  if (even) a.range = xnnpack_range(activation, a.y);
  for (float s : scales) {
    if (even) a.to_even.push_back(sx.scale * s / a.y.scale);
    const double of_sum = in_float ? static_cast<double>(sx.scale * s) : static_cast<double>(sx.scale) * static_cast<double>(s);
    if (in_float && bias) {
      const float of_bias = bias->quant && !bias->quant->scale.empty() ? bias->quant->scale[0] : 0;
      if (!(std::abs(of_sum - static_cast<double>(of_bias)) / static_cast<double>(a.y.scale) <= 0.02))
        return diag("TN3011", "{}: the bias has the scale {}, products have {}", op.name, of_bias, of_sum);
    }
    a.multipliers.push_back(quantize_multiplier(of_sum / static_cast<double>(a.y.scale)));
  }
  return a;
}

HybridRow HybridRow::of(float low, float high, bool asymmetric) {
  HybridRow row;
  if (!asymmetric) {
    const float range = std::max(-low, high);
    row.low = -127;
    if (range != 0) row.scale = range / 127.0f, row.inverse = 127.0f / range, row.zero = false;
    return row;
  }
  if (low == high) return row;
  const double scale = (static_cast<double>(high) - static_cast<double>(low)) / 255.0;
  const double from_low = -128.0 - static_cast<double>(low) / scale, from_high = 127.0 - static_cast<double>(high) / scale;
  const double error_low = 128.0 + std::abs(static_cast<double>(low) / scale), error_high = 127.0 + std::abs(static_cast<double>(high) / scale);
  row.zero_point = static_cast<int32_t>(std::max(-128.0, std::min(std::round(error_low < error_high ? from_low : from_high), 127.0)));
  row.scale = static_cast<float>(scale);
  row.inverse = 1.0f / row.scale;
  row.zero = false;
  return row;
}

// What is no number becomes the lowest one.
HybridRow quantize_row(std::span<const float> x, int8_t* to, bool asymmetric) {
  float low = 0, high = 0;
  for (float v : x) low = std::min(low, v), high = std::max(high, v);
  const HybridRow row = HybridRow::of(low, high, asymmetric);
  const auto least = static_cast<float>(row.low - row.zero_point), most = static_cast<float>(127 - row.zero_point);
  for (size_t i = 0; i < x.size(); ++i)
    to[i] = row.zero ? int8_t{0} : static_cast<int8_t>(row.zero_point + static_cast<int32_t>(std::max(least, std::min(std::round(x[i] * row.inverse), most))));
  return row;
}

}  // namespace toucanet
