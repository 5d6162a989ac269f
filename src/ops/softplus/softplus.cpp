#include "ops/softplus/softplus.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::softplus {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return (x < 0 ? 0 : x) + std::log1p(std::exp(-std::abs(x))); }
};
constexpr TfImport imports[] = {{"Softplus", import_plain<Softplus>}};
}  // namespace ops::softplus

constinit const OpDef Softplus::def = as_composite(unary("softplus", "log(exp(x) + 1)", ops::softplus::imports, eval_unary<ops::softplus::Fn>, {}));

}  // namespace toucanet
