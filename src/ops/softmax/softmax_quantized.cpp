#include "ops/softmax/softmax_quantized.h"

#include "ops/quantized_softmax.h"
#include "ops/quantized_table.h"
#include "ops/softmax/softmax.h"

namespace toucanet::ops::softmax {
namespace {

template <class X, class Y>
Status soft(EvalContext& c) {
  TRY(const Affine sx, affine_in(c, 0));
  CHECK_OK(check_result(c, 1.0 / (int64_t{1} << 8 * sizeof(Y)), std::numeric_limits<Y>::min()));
  TRY(const ScaledDifference scaled, ScaledDifference::of(c.op(), static_cast<double>(c.attrs<Softmax>().beta), sx));
  const int64_t n = c.in(0).dims.back(), total = c.in(0).elements();
  const X* x = c.in<X>(0).data();
  Y* y = c.out<Y>().data();
  for (int64_t row = 0; row < total; row += n, x += n, y += n) {
    const X top = *std::max_element(x, x + n);
    const FixedMultiplier r = reciprocal(scaled.sum_of_exps(x, n, top));
    const int32_t shift = 12 - (r.exponent + 31) + 31 - static_cast<int32_t>(8 * sizeof(Y));
    for (int64_t i = 0; i < n; ++i) {
      int64_t v = 0;
      if (x[i] - top >= scaled.least)
        v = shift > 31 ? 0 : rounding_divide_by_power_of_two(saturating_rounding_doubling_high_mul(r.mantissa, exp_of_negative(scaled(x[i] - top))), shift);
      y[i] = static_cast<Y>(std::min<int64_t>(v + std::numeric_limits<Y>::min(), std::numeric_limits<Y>::max()));
    }
  }
  return ok();
}

// By two tables: exp over −10 … 0 and 1/(1 + x) over 0 … 1, both in Q0.15.
Status soft16(EvalContext& c) {
  TRY(const Affine sx, affine_in(c, 0));
  if (sx.zero_point) return diag("TN3011", "softmax: int16 with the zero point {}", sx.zero_point);
  CHECK_OK(check_result(c, 1.0 / 32768, 0));
  constexpr double whole = 65535;
  const Table16 exps = make_table16(10 / whole, 32767, 2 / whole, 0, [](double v) { return std::exp(v); });
  const Table16 reciprocals = make_table16(1 / whole, -32768, 2 / whole, 0, [](double v) { return 1 / (1 + v); });
  const FixedMultiplier m = quantize_multiplier(static_cast<double>(sx.scale) * static_cast<double>(c.attrs<Softmax>().beta) / (10.0 / 65535.0));
  const int64_t n = c.in(0).dims.back(), total = c.in(0).elements();
  const int16_t* x = c.in<int16_t>(0).data();
  int16_t* y = c.out<int16_t>().data();
  for (int64_t row = 0; row < total; row += n, x += n, y += n) {
    const int32_t top = *std::max_element(x, x + n);
    int32_t sum = 0;
    for (int64_t i = 0; i < n; ++i) {
      const int32_t d = std::clamp(multiply_by_quantized_multiplier(x[i] - top, m) + 32767, -32768, 32767);
      y[i] = static_cast<int16_t>(look_up(exps, d));
      sum += y[i];
    }
    const int zeros = std::countl_zero(static_cast<uint32_t>(sum));
    const int64_t normal = ((int64_t{sum} << (zeros - 1)) + (1 << 13)) >> 14;
    const int32_t r = look_up(reciprocals, static_cast<int32_t>(std::clamp<int64_t>(normal - (1 << 15) - (1 << 16), -32768, 32767)));
    const int shift = 31 - zeros;
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<int16_t>(std::clamp<int64_t>((int64_t{y[i]} * r + (int64_t{1} << (shift - 1))) >> shift, 0, 32767));
  }
  return ok();
}

}  // namespace

Status eval_quantized(EvalContext& c) {
  const DType x = c.in(0).dtype, y = c.out().dtype;
  if (c.in(0).elements() == 0) return ok();
  if (x == DType::I8 && y == DType::I16) return soft<int8_t, int16_t>(c);
  if (x == DType::I8 && y == DType::I8) return soft<int8_t, int8_t>(c);
  if (x == DType::U8 && y == DType::U8) return soft<uint8_t, uint8_t>(c);
  if (x == DType::I16 && y == DType::I16) return soft16(c);
  return c.no_kernel(x);
}

}  // namespace toucanet::ops::softmax
