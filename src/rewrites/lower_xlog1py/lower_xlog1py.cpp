#include "ops/equal/equal.h"
#include "ops/log1p/log1p.h"
#include "ops/mul/mul.h"
#include "ops/xlog1py/xlog1py.h"
#include "rewrites/select.h"

namespace toucanet::rewrites {
namespace lower_xlog1py_ {
constexpr Var x{"x"}, y{"y"};
constexpr NodeVar<Xlog1py> root{"root"};

Verdict when(const Match& m) {
  if (!find_builtin("SELECT_V2")) return m.reject("there is no select");
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Value zero = p.scalar(0);
  return {select(p, p.add<Equal>({m[x], zero}), zero, p.add<Mul>({m[x], p.add<Log1p>({m[y]})}))};
}
}  // namespace lower_xlog1py_

extern const Rewrite lower_xlog1py;
constinit const Rewrite lower_xlog1py = {
    .name = "lower_xlog1py",
    .summary = "x·log(1 + y) that is 0 where x is 0 becomes a select",
    .mathematics = "x = 0 ? 0 : x·log(1 + y)",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_xlog1py_;
          return root(x, y);
        },
    .when = lower_xlog1py_::when,
    .build = lower_xlog1py_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
