#include "ops/not_equal/not_equal.h"

#include "ir/quant_rule.h"
#include "ops/limits.h"
#include "ops/quantized_comparison.h"

namespace toucanet {
namespace ops::not_equal {
struct Fn {
  bool operator()(const auto& x, const auto& y) const { return x != y; }
};
Expected<std::vector<Value>> from_tf(TfNode& n) {
  if (!n.flag("incompatible_shape_error", true)) n.refuse("incompatible_shape_error=false is not supported");
  return import_plain<NotEqual>(n);
}
// x ≠ x
Expected<std::vector<Value>> from_is_nan(TfNode& n) {
  const Value x = n.in(0);
  return std::vector<Value>{n.add<NotEqual>({x, x})};
}
constexpr TfImport imports[] = {{"NotEqual", from_tf}, {"IsNan", from_is_nan}};
int version(const OpView& v) { return v.type(0) == DType::I16 ? 4 : v.type(0) == DType::String ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::not_equal

constinit const OpDef NotEqual::def = with_quant(
    with_quantized(binary("not_equal", "x != y, element by element", Commutative, ops::not_equal::imports, infer_compare, eval_compare<ops::not_equal::Fn>,
                          {.builtin = "NOT_EQUAL",
                           .options = "NotEqualOptions",
                           .types = {DType::F32, DType::I32, DType::I64, DType::Bool, DType::String},
                           .quantized = {DType::I8, DType::U8, DType::I16},
                           .version = ops::not_equal::version,
                           .refuses = broadcasts_at_most<4>}),
                   eval_quantized_compare<ops::not_equal::Fn, true>),
    quant_rules::comparison);

}  // namespace toucanet
