#include "ops/round/round.h"

#include "ops/elementwise.h"
#include "ops/truth.h"

namespace toucanet {
namespace ops::round {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x) const {
    if constexpr (std::is_integral_v<decltype(x)>) return x;
    else return std::nearbyint(x);
  }
};
constexpr TfImport imports[] = {{"Round", import_plain<Round>, {}, Narrow::Same}, {"Rint", import_plain<Round>, {}, Narrow::Same}};
constexpr Truth truth[] = {{{DType::F32}, "optimized", not_in_reference}};
}  // namespace ops::round

constinit const OpDef Round::def = with_truth(
    unary("round", "to the nearest integer, half to even", ops::round::imports, eval_unary<ops::round::Fn>, {.builtin = "ROUND", .types = {DType::F32}}),
    ops::round::truth);

}  // namespace toucanet
