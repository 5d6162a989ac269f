#pragma once
// x ± y on stored numbers: ADD and SUB.
#include "ops/quantized_elementwise.h"

namespace toucanet {

/// Operands are raised to the larger scale, doubled, with spare bits below; z comes from their sum.
struct QuantizedSum {
  AffinePair by;
  FixedMultiplier mx, my, mz;
  int32_t spare = 20;
  QuantizedRange range{};

  int32_t raised(int32_t q, const Affine& a, FixedMultiplier m) const { return multiply_by_quantized_multiplier((q - a.zero_point) * (1 << spare), m); }
  int32_t finished(int32_t sum) const { return finish(multiply_by_quantized_multiplier(sum, mz), by.z.zero_point, range); }
  int32_t add(int32_t x, int32_t y) const { return finished(raised(x, by.x, mx) + raised(y, by.y, my)); }
  int32_t sub(int32_t x, int32_t y) const { return finished(raised(x, by.x, mx) - raised(y, by.y, my)); }
};
Expected<QuantizedSum> quantized_sum(EvalContext&, const AffinePair&, Activation);

/// int16 with scales that are powers of two: one operand is shifted right, sums saturate.
struct ShiftedSum {
  int32_t shift_x = 0, shift_y = 0;
  QuantizedRange range{};

  int32_t finished(int32_t sum) const { return std::min(std::max(std::clamp(sum, -32768, 32767), range.low), range.high); }
  int32_t add(int32_t x, int32_t y) const { return finished(rounding_divide_by_power_of_two(x, shift_x) + rounding_divide_by_power_of_two(y, shift_y)); }
  int32_t sub(int32_t x, int32_t y) const { return finished(rounding_divide_by_power_of_two(x, shift_x) - rounding_divide_by_power_of_two(y, shift_y)); }
};
/// nullopt: the general form applies. TN3011 where LiteRT refuses the shifts.
Expected<std::optional<ShiftedSum>> shifted_sum(EvalContext&, const AffinePair&, Activation);

template <class Op, bool minus>
Status eval_quantized_sum(EvalContext& c) {
  const auto& a = c.attrs<Op>();
  TRY(const AffinePair by, affine_pair(c));
  CHECK_OK(check_symmetric(c, {by.x, by.y, by.z}));
  if (c.in(0).dtype == DType::I16 && a.pot_scale_int16) {
    TRY(const auto shifted, shifted_sum(c, by, a.fused_activation_function));
    if (shifted && !minus && c.in(0).dims != c.in(1).dims) return c.error("it does not broadcast power-of-two scales");
    if (shifted) return map_stored_pairs(c, [&](int32_t x, int32_t y) { return minus ? shifted->sub(x, y) : shifted->add(x, y); });
  }
  TRY(const QuantizedSum s, quantized_sum(c, by, a.fused_activation_function));
  return map_stored_pairs(c, [&](int32_t x, int32_t y) { return minus ? s.sub(x, y) : s.add(x, y); });
}

}  // namespace toucanet
