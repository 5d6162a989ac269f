#include "ops/exp/exp.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::exp {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::exp(x); }
};
constexpr TfImport imports[] = {{"Exp", import_plain<Exp>}};
}  // namespace ops::exp

constinit const OpDef Exp::def =
    unary("exp", "e to the x", ops::exp::imports, eval_unary<ops::exp::Fn>, {.builtin = "EXP", .options = "ExpOptions", .types = {DType::F32}});

}  // namespace toucanet
