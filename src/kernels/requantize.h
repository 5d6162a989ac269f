#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "kernels/requant_i8.h"

// Fixed-point rescaling as TFLite's reference kernels do it, bit for bit. Compiled for the baseline only: a file built
// for a wider instruction set must not include this header.

namespace toucanet {

// value ≈ mantissa · 2^(exponent − 31)
struct FixedMultiplier {
  int32_t mantissa = 0;
  int32_t exponent = 0;
};

// Zero for values too small to matter (below 2^-32) and for those that are not finite; exponent ≥ −31 always.
inline FixedMultiplier quantize_multiplier(double value) {
  if (value == 0.0 || !std::isfinite(value)) return {};
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  auto mantissa = static_cast<int64_t>(std::round(fraction * 2147483648.0));
  if (mantissa == int64_t{1} << 31) {
    mantissa /= 2;
    exponent += 1;
  }
  if (exponent < -31) return {};
  return {static_cast<int32_t>(mantissa), exponent};
}

// x · 2^n in 32 bits, wrapping.
inline int32_t shift_left_wrapping(int32_t x, int32_t n) { return n > 31 ? 0 : static_cast<int32_t>(static_cast<uint32_t>(x) << n); }

// a · b / 2^31, nearest, ties upwards; the one product that does not fit is saturated.
inline int32_t saturating_rounding_doubling_high_mul(int32_t a, int32_t b) {
  constexpr int32_t lowest = std::numeric_limits<int32_t>::min();
  if (a == lowest && b == lowest) return std::numeric_limits<int32_t>::max();
  return static_cast<int32_t>((int64_t{a} * b + (int64_t{1} << 30)) >> 31);
}

// The same on 16 bits: a · b / 2^15.
inline int16_t saturating_rounding_doubling_high_mul_16(int16_t a, int16_t b) {
  constexpr int16_t lowest = std::numeric_limits<int16_t>::min();
  if (a == lowest && b == lowest) return std::numeric_limits<int16_t>::max();
  return static_cast<int16_t>((int32_t{a} * b + (1 << 14)) >> 15);
}

// x / 2^n, nearest, ties away from zero; 0 ≤ n ≤ 31.
inline int32_t rounding_divide_by_power_of_two(int32_t x, int32_t n) {
  const auto mask = static_cast<int32_t>((int64_t{1} << n) - 1);
  const int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> n) + ((x & mask) > threshold ? 1 : 0);
}

// x times the multiplier, with TFLite's two roundings.
inline int32_t multiply_by_quantized_multiplier(int32_t x, FixedMultiplier m) {
  const int32_t left = m.exponent > 0 ? m.exponent : 0;
  const int32_t right = m.exponent > 0 ? 0 : -m.exponent;
  return rounding_divide_by_power_of_two(saturating_rounding_doubling_high_mul(shift_left_wrapping(x, left), m.mantissa), right);
}

// The form for 64-bit accumulators (int16 activations): |x| < 2^47, −31 ≤ exponent < 8. The mantissa is cut to 16 bits. Larger x wrap.
inline int32_t multiply_by_quantized_multiplier_64(int64_t x, FixedMultiplier m) {
  const int64_t reduced = m.mantissa < 0x7FFF0000 ? (m.mantissa + (1 << 15)) >> 16 : 0x7FFF;
  const int32_t shift = m.exponent < 15 ? 15 - m.exponent : 1;
  const uint64_t product = static_cast<uint64_t>(x) * static_cast<uint64_t>(reduced) + (uint64_t{1} << (shift - 1));
  return static_cast<int32_t>(static_cast<int64_t>(product) >> shift);
}

// A rescaled accumulator as an output; the sum wraps at 32 bits.
inline int8_t requantized_i8(int32_t rescaled, const RequantI8& q) {
  const auto y = static_cast<int32_t>(static_cast<uint32_t>(rescaled) + static_cast<uint32_t>(q.zero_point));
  return static_cast<int8_t>(y < q.low ? q.low : y > q.high ? q.high : y);
}

}  // namespace toucanet
