#include "ops/ceil/ceil.h"

#include "ops/elementwise.h"
#include "ops/truth.h"

namespace toucanet {
namespace ops::ceil {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::ceil(x); }
};
constexpr TfImport imports[] = {{"Ceil", import_plain<Ceil>, {}, Narrow::Same}};
constexpr Truth truth[] = {{{DType::F32}, "optimized", not_in_reference}};
}  // namespace ops::ceil

constinit const OpDef Ceil::def =
    with_truth(unary("ceil", "the smallest integer not below x", ops::ceil::imports, eval_unary<ops::ceil::Fn>, {.builtin = "CEIL", .types = {DType::F32}}),
               ops::ceil::truth);

}  // namespace toucanet
