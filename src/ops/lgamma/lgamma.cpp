#include "ops/lgamma/lgamma.h"

#include <cmath>

#include "ops/limits.h"

namespace toucanet {
namespace ops::lgamma {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const {
    int sign = 0;  // std::lgamma would write to one that all threads share
    return static_cast<decltype(x)>(::lgamma_r(static_cast<double>(x), &sign));
  }
};
constexpr TfImport imports[] = {{"Lgamma", import_plain<Lgamma>}};
}  // namespace ops::lgamma

constinit const OpDef Lgamma::def = as_composite(unary("lgamma", "log |gamma(x)|", ops::lgamma::imports, eval_unary<ops::lgamma::Fn>, {}));

}  // namespace toucanet
