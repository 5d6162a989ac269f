#include "ops/tanh/tanh.h"

#include "ir/quant_rule.h"
#include "ops/elementwise.h"
#include "ops/float_kernels.h"
#include "ops/quantized_table.h"
#include "ops/sigmoid_table.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::tanh {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::tanh(x); }
};
constexpr TfImport imports[] = {{"Tanh", import_plain<Tanh>, {}, Narrow::Rounded}};
Status eval_quantized(EvalContext& c) {
  if (c.in(0).dtype != DType::I16) return eval_table<Fn>(c);
  TRY(const SigmoidScale s, sigmoid_scale(c, -11));
  return map_stored(c, [&](int32_t q) { return stored_tanh(q, s); });
}
int version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
constexpr Kernel tanh_f32 = unary_f32<UnaryF32::Tanh>("tanh_f32");
constexpr const Kernel* kernels[] = {&tanh_f32, &table_8bit};
}  // namespace ops::tanh

constinit const OpDef Tanh::def = with_kernels(
    with_quant(with_quantized(unary("tanh", "hyperbolic tangent", ops::tanh::imports, eval_unary<ops::tanh::Fn>,
                                    {.builtin = "TANH", .types = {DType::F32}, .quantized = {DType::I8, DType::U8, DType::I16}, .version = ops::tanh::version}),
                              ops::tanh::eval_quantized),
               quant_rules::signed_unit),
    ops::tanh::kernels);

}  // namespace toucanet
