#pragma once
// What softmax and log_softmax share on stored numbers: differences to the largest of a row, in Q5.26.
#include "kernels/fixed_exp_log.h"
#include "ops/quantized.h"

namespace toucanet {

struct ScaledDifference {
  FixedMultiplier multiplier;  ///< exponent ≥ 0
  int32_t least = 0;           ///< below it exp is taken for 0

  static Expected<ScaledDifference> of(const OpDef& op, double beta, const Affine& x) {
    const double factor = std::min(beta * static_cast<double>(x.scale) * (1 << 26), 2147483647.0);
    if (!(factor > 1)) return diag("TN3011", "{}: beta {} with the scale {} is too small", op.name, beta, x.scale);
    ScaledDifference d{quantize_multiplier(factor)};
    d.least = -static_cast<int32_t>(std::floor(31.0 * (1 << 26) / static_cast<double>(int64_t{1} << d.multiplier.exponent)));
    return d;
  }
  int32_t operator()(int32_t difference) const {
    return saturating_rounding_doubling_high_mul(shift_left_wrapping(difference, multiplier.exponent), multiplier.mantissa);
  }
  /// Σ exp over a row, in Q12.19.
  template <class T>
  int32_t sum_of_exps(const T* x, int64_t n, int32_t top) const {
    int32_t sum = 0;
    for (int64_t i = 0; i < n; ++i)
      if (x[i] - top >= least) sum += rounding_divide_by_power_of_two(exp_of_negative((*this)(x[i] - top)), 12);
    return sum;
  }
};

/// A result must have nearly this scale, and exactly this zero point. TN3011 otherwise.
inline Status check_result(EvalContext& c, double scale, int32_t zero_point) {
  TRY(const Affine y, affine_out(c));
  if (y.zero_point == zero_point && std::abs(static_cast<double>(y.scale) - scale) <= 0.001 * scale) return ok();
  return diag("TN3011", "{}: the result has scale {} and zero point {}, it must have {} and {}", c.op().name, y.scale, y.zero_point, scale, zero_point);
}

}  // namespace toucanet
