#include "ops/logical_not/logical_not.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::logical_not {
struct Fn {
  static constexpr DTypes types = {DType::Bool};
  auto operator()(auto x) const { return !x; }
};
constexpr TfImport imports[] = {{"LogicalNot", import_plain<LogicalNot>}};
}  // namespace ops::logical_not

constinit const OpDef LogicalNot::def = unary("logical_not", "not x, on booleans", ops::logical_not::imports, eval_unary<ops::logical_not::Fn>,
                                              {.builtin = "LOGICAL_NOT", .options = "LogicalNotOptions", .types = {DType::Bool}});

}  // namespace toucanet
