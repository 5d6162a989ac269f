#include "ops/div/div.h"
#include "ops/equal/equal.h"
#include "ops/xdivy/xdivy.h"
#include "rewrites/select.h"

namespace toucanet::rewrites {
namespace lower_xdivy_ {
constexpr Var x{"x"}, y{"y"};
constexpr NodeVar<Xdivy> root{"root"};

Verdict when(const Match& m) {
  if (!find_builtin("SELECT_V2")) return m.reject("there is no select");
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Value zero = p.scalar(0);
  return {select(p, p.add<Equal>({m[x], zero}), zero, p.add<Div>({m[x], m[y]}))};
}
}  // namespace lower_xdivy_

extern const Rewrite lower_xdivy;
constinit const Rewrite lower_xdivy = {
    .name = "lower_xdivy",
    .summary = "x / y that is 0 where x is 0 becomes a select",
    .mathematics = "x = 0 ? 0 : x / y",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_xdivy_;
          return root(x, y);
        },
    .when = lower_xdivy_::when,
    .build = lower_xdivy_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
