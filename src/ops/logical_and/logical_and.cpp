#include "ops/logical_and/logical_and.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::logical_and {
struct Fn {
  static constexpr DTypes types{DType::Bool};
  bool operator()(bool x, bool y) const { return x && y; }
};
constexpr TfImport imports[] = {{"LogicalAnd", import_plain<LogicalAnd>}};
}  // namespace ops::logical_and

constinit const OpDef LogicalAnd::def =
    binary("logical_and", "x && y on booleans", Commutative, ops::logical_and::imports, infer_binary<ops::logical_and::Fn>, eval_binary<ops::logical_and::Fn>,
           {.builtin = "LOGICAL_AND", .options = "LogicalAndOptions", .types = {DType::Bool}, .refuses = broadcasts_at_most<4>});

}  // namespace toucanet
