#include "ops/log/log.h"

#include "ir/quant_rule.h"
#include "ops/abs/abs.h"
#include "ops/add/add.h"
#include "ops/div/div.h"
#include "ops/elementwise.h"
#include "ops/float_kernels.h"
#include "ops/maximum/maximum.h"
#include "ops/mul/mul.h"
#include "ops/quantized_table.h"
#include "ops/sign/sign.h"
#include "ops/sqrt/sqrt.h"
#include "ops/square/square.h"
#include "ops/sub/sub.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::log {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::log(x); }
};
// sign(x)·log(|x| + √(x² + 1)), the root by way of the larger of |x| and 1: no square overflows.
Expected<std::vector<Value>> from_asinh(TfNode& n) {
  const Value x = n.in(0), one = n.constant(Tensor::scalar(1)), size = n.add<Abs>({x}), larger = n.add<Maximum>({size, one});
  const Value squares = n.add<Add>({n.add<Square>({n.add<Div>({size, larger})}), n.add<Square>({n.add<Div>({one, larger})})});
  const Value root = n.add<Mul>({larger, n.add<Sqrt>({squares})});
  return std::vector<Value>{n.add<Mul>({n.add<Sign>({x}), n.add<Log>({n.add<Add>({size, root})})})};
}
// log(x + √(x − 1)·√(x + 1))
Expected<std::vector<Value>> from_acosh(TfNode& n) {
  const Value x = n.in(0), one = n.constant(Tensor::scalar(1));
  const Value root = n.add<Mul>({n.add<Sqrt>({n.add<Sub>({x, one})}), n.add<Sqrt>({n.add<Add>({x, one})})});
  return std::vector<Value>{n.add<Log>({n.add<Add>({x, root})})};
}
// −½·sign(x)·log((1 − |x|)/(1 + |x|))
Expected<std::vector<Value>> from_atanh(TfNode& n) {
  const Value x = n.in(0), one = n.constant(Tensor::scalar(1)), size = n.add<Abs>({x});
  const Value log = n.add<Log>({n.add<Div>({n.add<Sub>({one, size}), n.add<Add>({one, size})})});
  return std::vector<Value>{n.add<Mul>({log, n.add<Mul>({n.add<Sign>({x}), n.constant(Tensor::scalar(-0.5f))})})};
}
constexpr TfImport imports[] = {{"Log", import_plain<Log>, {}, Narrow::Rounded}, {"Asinh", from_asinh}, {"Acosh", from_acosh}, {"Atanh", from_atanh}};
Status eval_quantized(EvalContext& c) {
  TRY(const Affine y, affine_out(c));
  const float least = y.scale * static_cast<float>(range_of(c.out().dtype).low - y.zero_point);
  return map_table(c, [&](float v) { return v > 0 ? std::log(v) : least; });
}
int version(const OpView& v) { return v.type(0) == DType::I8 || v.type(0) == DType::I16 ? 2 : 1; }
constexpr const Kernel* kernels[] = {&table_8bit};
}  // namespace ops::log

constinit const OpDef Log::def =
    with_kernels(with_quant(with_quantized(unary("log", "natural logarithm", ops::log::imports, eval_unary<ops::log::Fn>,
                                                 {.builtin = "LOG", .types = {DType::F32}, .quantized = {DType::I8, DType::I16}, .version = ops::log::version}),
                                           ops::log::eval_quantized),
                            quant_rules::free),
                 ops::log::kernels);

}  // namespace toucanet
