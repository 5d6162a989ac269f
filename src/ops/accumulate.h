#pragma once
// From integer sums of products to stored results: what convolutions and matrix products share.
#include "ops/quantized.h"

namespace toucanet {

/// Rescaling of accumulators per output channel; bias by channel.
struct Accumulation {
  int32_t x_zero = 0, w_zero = 0;
  Affine y;
  QuantizedRange range{};
  std::vector<FixedMultiplier> multipliers;
  std::vector<float> to_even;    ///< XNNPACK's multipliers, where it is asked for and the arithmetic is int8; else empty
  const Tensor* bias = nullptr;  ///< i32 or i64; nullptr: zeros
  bool wide = false;             ///< 64-bit sums (int16 activations without a 32-bit bias)

  int64_t start(int64_t channel) const {
    return !bias ? 0 : bias->dtype == DType::I64 ? bias->as<int64_t>()[static_cast<size_t>(channel)] : bias->as<int32_t>()[static_cast<size_t>(channel)];
  }
  /// Wraps: a bias of 64 bits may be any.
  int64_t with_bias(int64_t sum, int64_t channel) const { return static_cast<int64_t>(static_cast<uint64_t>(sum) + static_cast<uint64_t>(start(channel))); }
  /// The stored result of channel `o`. Sums are kept in 64 bits and wrap at 32 unless wide, as in TFLite.
  int32_t result(int64_t sum, int64_t o) const {
    if (!to_even.empty()) return rounded_to_even(static_cast<int32_t>(sum), o);
    const FixedMultiplier m = multipliers[static_cast<size_t>(o)];
    const int32_t scaled = wide ? multiply_by_quantized_multiplier_64(sum, m) : multiply_by_quantized_multiplier(static_cast<int32_t>(sum), m);
    return finish(scaled, y.zero_point, range);
  }
  int32_t rounded_to_even(int32_t sum, int64_t o) const;
};

/// In what precision the scales of x and w are multiplied; by float32 TFLite also compares them with the bias's scale.
enum class ScaleProduct { Double, Float };
/// Under XNNPACK's rounding bounds of activations are rounded to even too.
/// For activations x, filters w and results y. `channels` results, by w's scales. TN3011 where TFLite would refuse.
/// uint8 always multiplies scales in float32.
Expected<Accumulation> accumulation(const OpDef&, const Tensor& x, const Tensor& w, const Tensor* bias, const Tensor& y, int64_t channels, Activation, Rounding,
                                    ScaleProduct = ScaleProduct::Double);
inline Expected<Accumulation> accumulation(EvalContext& c, size_t x, size_t w, size_t bias, int64_t channels, Activation a) {
  return accumulation(c.op(), c.in(x), c.in(w), c.has(bias) ? &c.in(bias) : nullptr, c.out(), channels, a, c.executor().rounding());
}

/// Float rows as int8, one scale a row (LiteRT's hybrid kernels).
struct HybridRow {
  float scale = 1, inverse = 1;
  int32_t zero_point = 0, low = -128;
  bool zero = true;  ///< all is stored as 0

  /// Of numbers within [low, high], which holds 0.
  static HybridRow of(float low, float high, bool asymmetric);
};
HybridRow quantize_row(std::span<const float> x, int8_t* to, bool asymmetric);

}  // namespace toucanet
