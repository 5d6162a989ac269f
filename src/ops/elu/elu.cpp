#include "ops/elu/elu.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::elu {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return x < 0 ? std::expm1(x) : x; }
};
constexpr TfImport imports[] = {{"Elu", import_plain<Elu>}};
}  // namespace ops::elu

constinit const OpDef Elu::def =
    unary("elu", "x for x > 0, eˣ − 1 otherwise", ops::elu::imports, eval_unary<ops::elu::Fn>, {.builtin = "ELU", .types = {DType::F32}});

}  // namespace toucanet
