#pragma once
// Reciprocals in fixed point, as TFLite's reference kernels do them, bit for bit. Qm.n: 1 sign, m whole, n fraction bits.
#include <bit>

#include "kernels/requantize.h"

namespace toucanet {

// x · 2^n, saturating at 32 bits.
inline int32_t shift_left_saturating(int32_t x, int32_t n) {
  const int64_t wide = int64_t{x} * (int64_t{1} << (n < 32 ? n : 32));
  constexpr int64_t low = std::numeric_limits<int32_t>::min(), high = std::numeric_limits<int32_t>::max();
  return static_cast<int32_t>(wide < low ? low : wide > high ? high : wide);
}

// 1/(1 + x) for x and the result in Q0.31, 0 ≤ x: three Newton steps on (1 + x)/2 in Q2.29.
inline int32_t one_over_one_plus(int32_t x) {
  const auto half = static_cast<int32_t>((int64_t{x} + std::numeric_limits<int32_t>::max() + 1) / 2);
  constexpr int32_t from = 1515870810, slope = -1010580540;  // 48/17 and −32/17
  int32_t y = from + saturating_rounding_doubling_high_mul(half, slope);
  for (int step = 0; step < 3; ++step) {
    const int32_t rest = (1 << 29) - saturating_rounding_doubling_high_mul(half, y);
    y += shift_left_saturating(saturating_rounding_doubling_high_mul(y, rest), 2);
  }
  return shift_left_saturating(y, 1);
}

// 1/x ≈ mantissa · 2^(exponent − 31); x > 0.
inline FixedMultiplier reciprocal(int32_t x) {
  const int zeros = std::countl_zero(static_cast<uint32_t>(x));
  const auto fraction = static_cast<int32_t>((static_cast<uint32_t>(x) << zeros) - (uint32_t{1} << 31));
  return {one_over_one_plus(fraction), zeros - 31};
}

// 1/√x ≈ mantissa · 2^(exponent − 31); x ≥ 0, and all below 2 are taken for 1. Five Newton steps in Q3.28.
inline FixedMultiplier inverse_sqrt(int32_t x) {
  if (x <= 1) return {std::numeric_limits<int32_t>::max(), 0};
  int32_t right = 11;
  for (; x >= 1 << 29; ++right) x /= 4;
  const int pairs = (std::countl_zero(static_cast<uint32_t>(x)) - 1) / 2 - 1;
  right -= pairs;
  x <<= 2 * pairs;
  const auto product = [](int32_t a, int32_t b) { return saturating_rounding_doubling_high_mul(a, b); };
  const int32_t half = rounding_divide_by_power_of_two(x >> 1, 1);
  int32_t y = 1 << 28;
  for (int step = 0; step < 5; ++step) {
    const int32_t cube = shift_left_saturating(product(product(y, y), y), 6);
    const int32_t next = product((1 << 28) + (1 << 27), y) - product(half, cube);
    y = shift_left_saturating(next, 3);
  }
  y = product(y, 1518500250);  // √2/2
  if (right < 0) {
    y = shift_left_wrapping(y, -right);
    right = 0;
  }
  return {y, -right};
}

}  // namespace toucanet
