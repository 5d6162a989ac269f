#include "ops/selu/selu.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::selu {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return x < 0 ? 1.7580993408473768599f * std::expm1(x) : 1.0507009873554804934f * x; }
};
constexpr TfImport imports[] = {{"Selu", import_plain<Selu>}};
}  // namespace ops::selu

constinit const OpDef Selu::def = as_composite(unary("selu", "scaled exponential linear unit", ops::selu::imports, eval_unary<ops::selu::Fn>, {}));

}  // namespace toucanet
