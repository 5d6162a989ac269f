#include "ops/sums.h"

#include "kernels/host_isa.h"

namespace toucanet {

HybridSums HybridSums::of(std::vector<float> scales, const Tensor* bias, Activation a) {
  HybridSums s;
  s.micro = &best(finish_sums_table());
  s.rows = &best(elementwise_f32_table());
  s.bias.assign(scales.size(), 0.0f);
  if (bias) s.bias.assign(bias->as<float>().begin(), bias->as<float>().end());
  s.scales = std::move(scales);
  s.range = FloatRange::of(a);
  return s;
}

HybridRow HybridSums::quantize(const float* x, size_t n, int8_t* to, bool asymmetric) const noexcept {
  float low = 0, high = 0;
  rows->extremes(n, x, &low, &high);
  const HybridRow row = HybridRow::of(low, high, asymmetric);
  if (row.zero) std::fill_n(to, n, int8_t{0});
  else rows->steps(n, x, to, row.inverse, row.zero_point, row.low);
  return row;
}

IntegerSums IntegerSums::of(const Accumulation& a, SumRounding rounding) {
  IntegerSums s;
  s.micro = &best(finish_sums_table());
  const size_t n = a.multipliers.size();
  for (const FixedMultiplier& m : a.multipliers) s.mantissas.push_back(m.mantissa), s.exponents.push_back(m.exponent);
  for (size_t i = 0; i < n; ++i) s.bias.push_back(a.start(static_cast<int64_t>(i)));
  s.scales = a.to_even;
  if (a.to_even.empty()) s.scales.resize(n);
  else rounding = SumRounding::ToEven;
  s.parameters = {rounding, nullptr, nullptr, nullptr, nullptr, a.y.zero_point, a.range.low, a.range.high};
  return s;
}

std::vector<int32_t> weight_sums(const int8_t* weights, size_t channels, size_t each) {
  std::vector<int32_t> sums(channels);
  for (size_t c = 0; c < channels; ++c, weights += each)
    for (size_t i = 0; i < each; ++i) sums[c] += weights[i];
  return sums;
}

SplitWeights SplitWeights::of(const uint8_t* weights, size_t channels, size_t each, int32_t zero_point) {
  SplitWeights s;
  for (size_t i = 0; i < channels * each; ++i) {
    const int32_t w = weights[i] - zero_point;
    s.parts = std::max<size_t>(s.parts, w > 254 ? 3 : w > 127 || w < -128 ? 2 : 1);
  }
  s.values.resize(s.parts * channels * each);
  for (size_t c = 0; c < channels; ++c)
    for (size_t i = 0; i < each; ++i) {
      int32_t rest = weights[c * each + i] - zero_point;
      for (size_t part = 0; part < s.parts; ++part) {
        const int32_t w = std::clamp(rest, -128, 127);
        s.values[(c * s.parts + part) * each + i] = static_cast<int8_t>(w);
        rest -= w;
      }
    }
  return s;
}

void flip_sign_bits(const uint8_t* x, size_t n, uint8_t* y) noexcept {
  for (size_t i = 0; i < n; ++i) y[i] = x[i] ^ 0x80;
}

void flip_sign_bits(Threads& threads, const uint8_t* x, size_t n, uint8_t* y) noexcept {
  constexpr size_t piece = 16384;
  threads.parallel((n + piece - 1) / piece, [&](size_t task, size_t) {
    const size_t from = task * piece;
    flip_sign_bits(x + from, std::min(piece, n - from), y + from);
  });
}

}  // namespace toucanet
