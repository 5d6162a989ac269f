#include "ops/rsqrt/rsqrt.h"

#include "ir/quant_rule.h"
#include "kernels/fixed_point.h"
#include "ops/elementwise.h"
#include "ops/float_kernels.h"
#include "ops/quantized_table.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::rsqrt {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return 1.0f / std::sqrt(x); }
};
constexpr TfImport imports[] = {{"Rsqrt", import_plain<Rsqrt>, {}, Narrow::Rounded}};
// By an inverse root in fixed point, of 20 bits more than the stored number has.
Status by_fixed_point(EvalContext& c, const Affine& x, const Affine& y) {
  FixedMultiplier m = quantize_multiplier(1.0 / (std::sqrt(static_cast<double>(x.scale)) * static_cast<double>(y.scale)));
  m.exponent = std::max(m.exponent - 20, -31);
  const QuantizedRange range = range_of(c.out().dtype);
  return map_stored(c, [&](int32_t q) {
    if (q <= x.zero_point) return range.high;
    FixedMultiplier root = inverse_sqrt(q - x.zero_point);
    root.exponent += 20;
    return finish(multiply_by_quantized_multiplier(multiply_by_quantized_multiplier(1, root), m), y.zero_point, range);
  });
}
Status eval_quantized(EvalContext& c) {
  TRY(const Affine x, affine_in(c, 0));
  TRY(const Affine y, affine_out(c));
  CHECK_OK(check_symmetric(c, {x, y}));
  bool negative = false;
  dispatch(c.in(0).dtype, [&]<class T>(T) {
    for (const T q : c.in<T>(0)) negative = negative || static_cast<int64_t>(q) < x.zero_point;
  });
  if (negative) return c.error("the root of a negative number");
  if (c.in(0).dtype == DType::I8) return by_fixed_point(c, x, y);
  const float most = y.scale * static_cast<float>(range_of(c.out().dtype).high - y.zero_point);
  return map_table(c, [&](float v) { return v > 0 ? 1.0f / std::sqrt(v) : most; });
}
int version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
constexpr Kernel rsqrt_f32 = unary_f32<UnaryF32::Rsqrt>("rsqrt_f32");
constexpr const Kernel* kernels[] = {&rsqrt_f32, &table_8bit};
}  // namespace ops::rsqrt

constinit const OpDef Rsqrt::def = with_kernels(
    with_quant(
        with_quantized(with_trait(unary("rsqrt", "1/√x", ops::rsqrt::imports, eval_unary<ops::rsqrt::Fn>,
                                        {.builtin = "RSQRT", .types = {DType::F32}, .quantized = {DType::I8, DType::I16}, .version = ops::rsqrt::version}),
                                  ZeroSign),
                       ops::rsqrt::eval_quantized),
        quant_rules::inverse_root),
    ops::rsqrt::kernels);

}  // namespace toucanet
