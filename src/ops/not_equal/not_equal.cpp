#include "ops/not_equal/not_equal.h"

#include "ops/limits.h"

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
}  // namespace ops::not_equal

constinit const OpDef NotEqual::def = binary(
    "not_equal", "x != y, element by element", Commutative, ops::not_equal::imports, infer_compare, eval_compare<ops::not_equal::Fn>,
    {.builtin = "NOT_EQUAL", .options = "NotEqualOptions", .types = {DType::F32, DType::I32, DType::I64, DType::Bool}, .refuses = broadcasts_at_most<4>});

}  // namespace toucanet
