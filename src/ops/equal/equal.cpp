#include "ops/equal/equal.h"

#include "ir/quant_rule.h"
#include "ops/abs/abs.h"
#include "ops/limits.h"
#include "ops/logical_and/logical_and.h"
#include "ops/not_equal/not_equal.h"
#include "ops/quantized_comparison.h"
#include "ops/sub/sub.h"

namespace toucanet {
namespace ops::equal {
struct Fn {
  bool operator()(const auto& x, const auto& y) const { return x == y; }
};
Expected<std::vector<Value>> from_tf(TfNode& n) {
  if (!n.flag("incompatible_shape_error", true)) n.refuse("incompatible_shape_error=false is not supported");
  return import_plain<Equal>(n);
}
// |x| = ∞
Expected<std::vector<Value>> from_is_inf(TfNode& n) {
  const Value x = n.in(0);
  if (n.failed()) return std::vector<Value>{};
  if (const Shape& s = n.type(x).shape; s.ranked() && s.rank() > 4) {  // a scalar would not broadcast: x − x is NaN, x is not
    const Value zero = n.add<Sub>({x, x});
    return std::vector<Value>{n.add<LogicalAnd>({n.add<NotEqual>({zero, zero}), n.add<Equal>({x, x})})};
  }
  return std::vector<Value>{n.add<Equal>({n.add<Abs>({x}), n.constant(Tensor::scalar(std::numeric_limits<float>::infinity()))})};
}
// x − x is NaN for ∞ and NaN, and NaN is not equal to itself.
Expected<std::vector<Value>> from_is_finite(TfNode& n) {
  const Value x = n.in(0);
  const Value zero = n.add<Sub>({x, x});
  return std::vector<Value>{n.add<Equal>({zero, zero})};
}
constexpr TfImport imports[] = {{"Equal", from_tf}, {"IsInf", from_is_inf}, {"IsFinite", from_is_finite}};
int version(const OpView& v) { return v.type(0) == DType::I16 ? 5 : v.type(0) == DType::String ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::equal

constinit const OpDef Equal::def =
    with_quant(with_quantized(binary("equal", "x == y, element by element", Commutative, ops::equal::imports, infer_compare, eval_compare<ops::equal::Fn>,
                                     {.builtin = "EQUAL",
                                      .options = "EqualOptions",
                                      .types = {DType::F32, DType::I16, DType::I32, DType::I64, DType::Bool, DType::String},
                                      .quantized = {DType::I8, DType::U8, DType::I16},
                                      .version = ops::equal::version,
                                      .refuses = broadcasts_at_most<4>}),
                              eval_quantized_compare<ops::equal::Fn, true>),
               quant_rules::comparison);

}  // namespace toucanet
