#include "ops/equal/equal.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::equal {
struct Fn {
  bool operator()(const auto& x, const auto& y) const { return x == y; }
};
Expected<std::vector<Value>> from_tf(TfNode& n) {
  if (!n.flag("incompatible_shape_error", true)) n.refuse("incompatible_shape_error=false is not supported");
  return import_plain<Equal>(n);
}
constexpr TfImport imports[] = {{"Equal", from_tf}};
}  // namespace ops::equal

constinit const OpDef Equal::def = binary("equal", "x == y, element by element", Commutative, ops::equal::imports, infer_compare, eval_compare<ops::equal::Fn>,
                                   {.builtin = "EQUAL", .options = "EqualOptions", .types = {DType::F32, DType::I32, DType::I64, DType::Bool}, .max_rank = 4});

}  // namespace toucanet
