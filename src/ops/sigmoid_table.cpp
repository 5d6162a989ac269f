#include "ops/sigmoid_table.h"

#include <array>

namespace toucanet {
namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// Each sample is moved by half of what a straight line to the next misses in the middle.
std::array<int32_t, 256> make_samples() {
  std::array<int32_t, 256> samples{};
  for (size_t i = 0; i < 255; ++i) {
    const double at = static_cast<double>(i) / 24, next = static_cast<double>(i + 1) / 24, middle = (static_cast<double>(i) + 0.5) / 24;
    const double gap = 65536 * (sigmoid(middle) - 0.5 * (sigmoid(at) + sigmoid(next)));
    samples[i] = static_cast<int32_t>(std::floor(65536 * sigmoid(at) + 0.5 * gap + 0.5));
  }
  samples[255] = 65535;
  return samples;
}

struct Reading {
  bool negative;
  int32_t value;  // of |x|, with `bits` bits below 1/65536
};
Reading read(int32_t q, SigmoidScale s, int32_t bits, int32_t beyond) {
  static const std::array<int32_t, 256> samples = make_samples();
  const int64_t half = s.shift > 0 ? int64_t{1} << (s.shift - 1) : 0;
  const auto t = static_cast<int32_t>((int64_t{q} * s.multiplier + half) >> s.shift);
  const int32_t steps = std::abs(t), at = steps >> bits;
  if (at >= 255) return {t < 0, beyond << bits};
  const auto i = static_cast<size_t>(at);
  return {t < 0, (samples[i] << bits) + (steps & ((1 << bits) - 1)) * (samples[i + 1] - samples[i])};
}

}  // namespace

Expected<SigmoidScale> sigmoid_scale(EvalContext& c, int32_t finest) {
  TRY(const Affine x, affine_in(c, 0));
  TRY(const Affine y, affine_out(c));
  if (x.zero_point != 0 || y.zero_point != 0 || y.scale != 1.0f / 32768)
    return diag("TN3011", "{}: int16 needs zero points of 0 and a result in 1/32768", c.op().name);
  for (int32_t power = -12; power <= finest; ++power)
    if (x.scale == std::ldexp(1.0f, power)) return SigmoidScale{3 << (power + 12), 0};
  double multiplier = static_cast<double>(x.scale) * 12288;
  SigmoidScale s;
  for (; multiplier <= 16383.5 && s.shift < 31; ++s.shift) multiplier *= 2;
  if (!(multiplier < 2147483648.0)) return diag("TN3011", "{}: the scale {} is too large", c.op().name, x.scale);
  s.multiplier = static_cast<int32_t>(multiplier);
  return s;
}

int32_t stored_logistic(int32_t q, SigmoidScale s) {
  const Reading r = read(q, s, 9, 0x7fff << 1);
  return (r.negative ? (1 << 25) - r.value + 511 : r.value + 512) >> 10;
}

int32_t stored_tanh(int32_t q, SigmoidScale s) {
  const Reading r = read(q, s, 8, 0xffff);
  return (r.negative ? (1 << 23) + 127 - r.value : r.value - (1 << 23) + 128) >> 8;
}

}  // namespace toucanet
