#include "ops/logistic/logistic.h"

#include "ir/quant_rule.h"
#include "ops/elementwise.h"
#include "ops/float_kernels.h"
#include "ops/quantized_table.h"
#include "ops/sigmoid_table.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::logistic {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return 1.0f / (1.0f + std::exp(-x)); }
};
constexpr TfImport imports[] = {{"Sigmoid", import_plain<Logistic>}};
Status eval_quantized(EvalContext& c) {
  if (c.in(0).dtype != DType::I16) {
    TRY(const Affine y, affine_out(c));
    if (y.scale != 1.0f / 256) return diag("TN3011", "logistic: the result has the scale {}, not 1/256", y.scale);
    return eval_table<Fn>(c);
  }
  TRY(const SigmoidScale s, sigmoid_scale(c, -12));
  return map_stored(c, [&](int32_t q) { return stored_logistic(q, s); });
}
int version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
constexpr Kernel logistic_f32 = unary_f32<UnaryF32::Logistic>("logistic_f32");
constexpr const Kernel* kernels[] = {&logistic_f32, &table_8bit};
}  // namespace ops::logistic

constinit const OpDef Logistic::def = with_kernels(
    with_quant(with_quantized(
                   unary("logistic", "1/(1+e⁻ˣ)", ops::logistic::imports, eval_unary<ops::logistic::Fn>,
                         {.builtin = "LOGISTIC", .types = {DType::F32}, .quantized = {DType::I8, DType::U8, DType::I16}, .version = ops::logistic::version}),
                   ops::logistic::eval_quantized),
               quant_rules::probability),
    ops::logistic::kernels);

}  // namespace toucanet
