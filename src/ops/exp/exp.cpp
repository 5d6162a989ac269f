#include "ops/exp/exp.h"

#include "ir/quant_rule.h"
#include "ops/add/add.h"
#include "ops/elementwise.h"
#include "ops/float_kernels.h"
#include "ops/neg/neg.h"
#include "ops/quantized_table.h"
#include "ops/sub/sub.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::exp {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::exp(x); }
};
// (e^x ∓ e^−x)/2 = e^(x − ln 2) ∓ e^−(x + ln 2), which does not overflow sooner.
Expected<std::vector<Value>> from_hyperbolic(TfNode& n) {
  const Value x = n.in(0), half = n.constant(Tensor::scalar(0.693147180559945f));
  const Value up = n.add<Exp>({n.add<Sub>({x, half})}), down = n.add<Exp>({n.add<Neg>({n.add<Add>({x, half})})});
  return std::vector<Value>{n.op() == "Sinh" ? n.add<Sub>({up, down}) : n.add<Add>({up, down})};
}
constexpr TfImport imports[] = {{"Exp", import_plain<Exp>, {}, Narrow::Rounded}, {"Sinh", from_hyperbolic}, {"Cosh", from_hyperbolic}};
int version(const OpView& v) { return v.type(0) == DType::I8 || v.type(0) == DType::I16 ? 2 : 1; }
constexpr Kernel exp_f32 = unary_f32<UnaryF32::Exp>("exp_f32");
constexpr const Kernel* kernels[] = {&exp_f32, &table_8bit};
}  // namespace ops::exp

constinit const OpDef Exp::def = with_kernels(
    with_quant(
        with_quantized(
            unary("exp", "e to the x", ops::exp::imports, eval_unary<ops::exp::Fn>,
                  {.builtin = "EXP", .options = "ExpOptions", .types = {DType::F32}, .quantized = {DType::I8, DType::I16}, .version = ops::exp::version}),
            eval_table<ops::exp::Fn>),
        quant_rules::free),
    ops::exp::kernels);

}  // namespace toucanet
