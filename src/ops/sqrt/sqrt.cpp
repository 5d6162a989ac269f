#include "ops/sqrt/sqrt.h"

#include "ir/quant_rule.h"
#include "ops/elementwise.h"
#include "ops/float_kernels.h"
#include "ops/quantized_table.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::sqrt {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::sqrt(x); }
};
constexpr TfImport imports[] = {{"Sqrt", import_plain<Sqrt>, {}, Narrow::Rounded}};
Status eval_quantized(EvalContext& c) {
  TRY(const Affine x, affine_in(c, 0));
  TRY(const Affine y, affine_out(c));
  CHECK_OK(check_symmetric(c, {x, y}));
  const QuantizedRange range = range_of(c.out().dtype);
  bool negative = false;
  CHECK_OK(map_stored(c, [&](int32_t q) {
    negative = negative || q < x.zero_point;
    const float root = std::sqrt(std::max(0.0f, x.scale * static_cast<float>(q - x.zero_point)));
    return finish(static_cast<int32_t>(std::min(root / y.scale, 65536.0f)), y.zero_point, range);
  }));
  if (negative) return c.error("the root of a negative number");
  return ok();
}
int version(const OpView& v) { return v.type(0) == DType::I8 || v.type(0) == DType::I16 ? 2 : 1; }
constexpr Kernel sqrt_f32 = unary_f32<UnaryF32::Sqrt>("sqrt_f32");
constexpr const Kernel* kernels[] = {&sqrt_f32, &table_8bit};
}  // namespace ops::sqrt

constinit const OpDef Sqrt::def = with_kernels(
    with_quant(with_quantized(unary("sqrt", "√x", ops::sqrt::imports, eval_unary<ops::sqrt::Fn>,
                                    {.builtin = "SQRT", .types = {DType::F32}, .quantized = {DType::I8, DType::I16}, .version = ops::sqrt::version}),
                              ops::sqrt::eval_quantized),
               quant_rules::root),
    ops::sqrt::kernels);

}  // namespace toucanet
