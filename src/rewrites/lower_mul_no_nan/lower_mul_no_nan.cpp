#include "ops/equal/equal.h"
#include "ops/mul/mul.h"
#include "ops/mul_no_nan/mul_no_nan.h"
#include "rewrites/select.h"

namespace toucanet::rewrites {
namespace lower_mul_no_nan_ {
constexpr Var x{"x"}, y{"y"};
constexpr NodeVar<MulNoNan> root{"root"};

Verdict when(const Match& m) {
  if (!find_builtin("SELECT_V2")) return m.reject("there is no select");
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Value zero = p.scalar(0);
  return {select(p, p.add<Equal>({m[y], zero}), zero, p.add<Mul>({m[x], m[y]}))};
}
}  // namespace lower_mul_no_nan_

extern const Rewrite lower_mul_no_nan;
constinit const Rewrite lower_mul_no_nan = {
    .name = "lower_mul_no_nan",
    .summary = "x·y that is 0 where y is 0 becomes a select",
    .mathematics = "y = 0 ? 0 : x·y",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_mul_no_nan_;
          return root(x, y);
        },
    .when = lower_mul_no_nan_::when,
    .build = lower_mul_no_nan_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
