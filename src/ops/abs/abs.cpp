#include "ops/abs/abs.h"

#include "ir/quant_rule.h"
#include "ops/elementwise.h"
#include "ops/float_kernels.h"
#include "ops/quantized_elementwise.h"
#include "ops/table_8bit.h"
#include "ops/truth.h"

namespace toucanet {
namespace ops::abs {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x) const {
    if constexpr (std::is_unsigned_v<decltype(x)>) return x;
    else if constexpr (std::is_integral_v<decltype(x)>) return x < 0 ? static_cast<decltype(x)>(0 - static_cast<std::make_unsigned_t<decltype(x)>>(x)) : x;
    else return std::abs(x);
  }
};
constexpr TfImport imports[] = {{"Abs", import_plain<Abs>, {}, Narrow::Same}};
int version(const OpView& v) {
  const DType t = v.type(0);
  return t == DType::I32 ? 5 : t == DType::I16 ? (v.in[0]->quant ? 3 : 4) : t == DType::I8 ? 2 : 1;
}
Status eval_quantized(EvalContext& c) {
  TRY(const Affine x, affine_in(c, 0));
  TRY(const Affine y, affine_out(c));
  CHECK_OK(check_symmetric(c, {x, y}));
  const QuantizedRange range = range_of(c.out().dtype);
  if (x.scale == y.scale) return map_stored(c, [&](int32_t q) { return finish(std::abs(q - x.zero_point), y.zero_point, range); });
  const FixedMultiplier m = quantize_multiplier(static_cast<double>(x.scale / y.scale));
  return map_stored(c, [&](int32_t q) { return finish(multiply_by_quantized_multiplier(std::abs(q - x.zero_point), m), y.zero_point, range); });
}
constexpr Truth truth[] = {{{DType::I32}, "optimized", "the reference resolver stops at version 4, int32 is version 5"}};
constexpr Kernel abs_f32 = unary_f32<UnaryF32::Abs>("abs_f32");
constexpr const Kernel* kernels[] = {&abs_f32, &table_8bit};
}  // namespace ops::abs

constinit const OpDef Abs::def = with_truth(with_kernels(with_quant(with_quantized(unary("abs", "|x|", ops::abs::imports, eval_unary<ops::abs::Fn>,
                                                                                         {.builtin = "ABS",
                                                                                          .options = "AbsOptions",
                                                                                          .types = {DType::F32, DType::I32},
                                                                                          .quantized = {DType::I8, DType::I16},
                                                                                          .version = ops::abs::version}),
                                                                                   ops::abs::eval_quantized),
                                                                    quant_rules::free),
                                                         ops::abs::kernels),
                                            ops::abs::truth);

}  // namespace toucanet
