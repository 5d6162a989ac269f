#include "ops/equal/equal.h"
#include "ops/log/log.h"
#include "ops/mul/mul.h"
#include "ops/xlogy/xlogy.h"
#include "rewrites/select.h"

namespace toucanet::rewrites {
namespace lower_xlogy_ {
constexpr Var x{"x"}, y{"y"};
constexpr NodeVar<Xlogy> root{"root"};

Verdict when(const Match& m) {
  if (!find_builtin("SELECT_V2")) return m.reject("there is no select");
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Value zero = p.scalar(0);
  return {select(p, p.add<Equal>({m[x], zero}), zero, p.add<Mul>({m[x], p.add<Log>({m[y]})}))};
}
}  // namespace lower_xlogy_

extern const Rewrite lower_xlogy;
constinit const Rewrite lower_xlogy = {
    .name = "lower_xlogy",
    .summary = "x·log(y) that is 0 where x is 0 becomes a select",
    .mathematics = "x = 0 ? 0 : x·log(y)",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_xlogy_;
          return root(x, y);
        },
    .when = lower_xlogy_::when,
    .build = lower_xlogy_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
