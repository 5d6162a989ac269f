#include "ops/erf/erf.h"

#include "ops/limits.h"
#include "ops/sub/sub.h"

namespace toucanet {
namespace ops::erf {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::erf(x); }
};
Expected<std::vector<Value>> from_erfc(TfNode& n) { return std::vector<Value>{n.add<Sub>({n.constant(Tensor::scalar(1)), n.add<Erf>({n.in(0)})})}; }
constexpr TfImport imports[] = {{"Erf", import_plain<Erf>, {}, Narrow::Rounded}, {"Erfc", from_erfc, {}, Narrow::Rounded}};
}  // namespace ops::erf

constinit const OpDef Erf::def = as_composite(unary("erf", "the error function", ops::erf::imports, eval_unary<ops::erf::Fn>, {}));

}  // namespace toucanet
