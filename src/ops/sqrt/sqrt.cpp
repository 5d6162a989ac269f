#include "ops/sqrt/sqrt.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::sqrt {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::sqrt(x); }
};
constexpr TfImport imports[] = {{"Sqrt", import_plain<Sqrt>}};
}  // namespace ops::sqrt

constinit const OpDef Sqrt::def = unary("sqrt", "√x", ops::sqrt::imports, eval_unary<ops::sqrt::Fn>, {.builtin = "SQRT", .types = {DType::F32}});

}  // namespace toucanet
