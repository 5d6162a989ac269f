#include "ops/logical_or/logical_or.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::logical_or {
struct Fn {
  static constexpr DTypes types{DType::Bool};
  bool operator()(bool x, bool y) const { return x || y; }
};
constexpr TfImport imports[] = {{"LogicalOr", import_plain<LogicalOr>}};
}  // namespace ops::logical_or

constinit const OpDef LogicalOr::def =
    binary("logical_or", "x || y on booleans", Commutative, ops::logical_or::imports, infer_binary<ops::logical_or::Fn>, eval_binary<ops::logical_or::Fn>,
           {.builtin = "LOGICAL_OR", .options = "LogicalOrOptions", .types = {DType::Bool}, .refuses = broadcasts_at_most<4>});

}  // namespace toucanet
