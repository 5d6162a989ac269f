#pragma once
// exp and ln in fixed point, as TFLite's reference kernels do them, bit for bit.
#include <algorithm>

#include "kernels/fixed_point.h"

namespace toucanet {

// exp(x) for x and the result in Q0.31, −1/4 ≤ x < 0: a series around −1/8.
inline int32_t exp_near_zero(int32_t x) {
  const auto product = [](int32_t a, int32_t b) { return saturating_rounding_doubling_high_mul(a, b); };
  constexpr int32_t middle = 1895147668, third = 715827883;  // exp(−1/8), 1/3
  const int32_t d = x + (1 << 28), d2 = product(d, d), d3 = product(d2, d), d4 = product(d2, d2);
  const int32_t tail = rounding_divide_by_power_of_two(product(rounding_divide_by_power_of_two(d4, 2) + d3, third) + d2, 1);
  return middle + product(middle, d + tail);
}

// exp(x) in Q0.31 for x in Q5.26, x ≤ 0.
inline int32_t exp_of_negative(int32_t x) {
  if (x == 0) return std::numeric_limits<int32_t>::max();
  constexpr int32_t quarter = 1 << 24;
  const int32_t rest = (x & (quarter - 1)) - quarter, whole = rest - x;
  // exp(−1/4), exp(−1/2), … exp(−16)
  constexpr int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  int32_t y = exp_near_zero(shift_left_saturating(rest, 5));
  for (int bit = 24; bit < 31; ++bit)
    if (whole & (1 << bit)) y = saturating_rounding_doubling_high_mul(y, factors[bit - 24]);
  return y;
}

// ln(x) in Q5.26 for x in Q12.19, x ≥ 1.
inline int32_t log_of_at_least_one(int32_t x) {
  const auto product = [](int32_t a, int32_t b) { return saturating_rounding_doubling_high_mul(a, b); };
  constexpr int32_t ln_2 = 1488522236, fourth_root_half = 1805811301, root_half = 1518500250;
  constexpr int32_t an = 117049297, ad = 127690142, ai = 1057819769, af = 638450708;
  constexpr int32_t quarter = 1 << 24;
  // Of two ways to write x as a power of two times a number near 2^(−1/4), the one that is nearer.
  const int zeros_a = std::countl_zero(static_cast<uint32_t>(x));
  const int32_t a = shift_left_saturating(product(shift_left_saturating(x, zeros_a - 1), root_half), 1);
  const int32_t power_a = (12 - zeros_a) * (1 << 26) + quarter;
  const int zeros_b = std::countl_zero(static_cast<uint32_t>(product(x, root_half))) - 1;
  const int32_t b = shift_left_saturating(x, zeros_b);
  const int32_t power_b = (12 - zeros_b) * (1 << 26) - quarter;
  const int32_t r = std::min(a, b), power = std::max(power_a, power_b);
  // A quotient of polynomials for the rest.
  const int64_t twice = int64_t{r} + fourth_root_half;
  const auto p = static_cast<int32_t>((twice + (twice >= 0 ? 1 : -1)) / 2);
  const int32_t q = 2 * (r - fourth_root_half), q2 = product(q, q);
  const int32_t above = product(q, r) + product(product(q, q2), an);
  const int32_t below = product(p, ai + q + product(ad, q2)) + product(af, q);
  return product(power, ln_2) + rounding_divide_by_power_of_two(product(above, one_over_one_plus(below)), 5);
}

}  // namespace toucanet
