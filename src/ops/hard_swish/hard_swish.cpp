#include "ops/hard_swish/hard_swish.h"

#include "ir/quant_rule.h"
#include "kernels/fixed_point.h"
#include "ops/elementwise.h"
#include "ops/float_kernels.h"
#include "ops/quantized_elementwise.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::hard_swish {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return x * std::min(std::max(x + 3.0f, 0.0f), 6.0f) / 6.0f; }
};
// 16-bit arithmetic; the stored numbers have 7 bits below.
struct Stored {
  Affine x, y;
  int16_t to_result, to_gate;
  int32_t shift_result, shift_gate;
  QuantizedRange range;

  int16_t gate(int16_t v) const {
    int32_t r = v;
    if (shift_gate > 0) r = std::clamp(shift_left_saturating(r, shift_gate - 1), -32768, 32767);
    r = saturating_rounding_doubling_high_mul_16(static_cast<int16_t>(r), to_gate);
    if (shift_gate > 0) r = std::clamp(r * 2, -32768, 32767);
    if (shift_gate < 0) r = rounding_divide_by_power_of_two(r, -shift_gate);
    return static_cast<int16_t>((r + (1 << 15)) >> 1);
  }
  int32_t operator()(int32_t q) const {
    const auto v = static_cast<int16_t>((q - x.zero_point) * 128);
    const int32_t product = gate(v) * saturating_rounding_doubling_high_mul_16(v, to_result);
    return finish(rounding_divide_by_power_of_two(product / 32768, shift_result), y.zero_point, range);
  }
};
int16_t upper_half(int32_t mantissa) { return static_cast<int16_t>(mantissa >= 0x7fff0000 ? 0x7fff : (mantissa + (1 << 15)) >> 16); }
Status eval_quantized(EvalContext& c) {
  TRY(const Affine x, affine_in(c, 0));
  TRY(const Affine y, affine_out(c));
  const float fine = x.scale * (1.0f / 128);
  const FixedMultiplier result = quantize_multiplier(static_cast<double>(fine / y.scale)),
                        gate = quantize_multiplier(static_cast<double>(fine / (3.0f / 32768)));
  if (result.exponent > 0) return diag("TN3011", "hard_swish: x's scale {} is more than 128 times y's {}", x.scale, y.scale);
  const Stored s{x, y, upper_half(result.mantissa), upper_half(gate.mantissa), -result.exponent, gate.exponent, range_of(c.out().dtype)};
  return map_stored(c, s);
}
constexpr Kernel hard_swish_f32 = unary_f32<UnaryF32::HardSwish>("hard_swish_f32");
constexpr const Kernel* kernels[] = {&hard_swish_f32, &table_8bit};
}  // namespace ops::hard_swish

constinit const OpDef HardSwish::def = with_kernels(
    with_quant(with_quantized(unary("hard_swish", "x·min(max(x + 3, 0), 6)/6", std::span<const TfImport>{}, eval_unary<ops::hard_swish::Fn>,
                                    {.builtin = "HARD_SWISH", .options = "HardSwishOptions", .types = {DType::F32}, .quantized = {DType::I8, DType::U8}}),
                              ops::hard_swish::eval_quantized),
               quant_rules::free_int8),
    ops::hard_swish::kernels);

}  // namespace toucanet
