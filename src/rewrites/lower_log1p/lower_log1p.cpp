#include "ops/add/add.h"
#include "ops/div/div.h"
#include "ops/exp/exp.h"
#include "ops/log/log.h"
#include "ops/log1p/log1p.h"
#include "ops/maximum/maximum.h"
#include "ops/minimum/minimum.h"
#include "ops/sub/sub.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_log1p_ {
constexpr Var x{"x"};
constexpr NodeVar<Log1p> root{"root"};

std::vector<Value> build(const Match& m, Patch& p) {
  const Value one = p.scalar(1);
  const Value rounded = p.add<Log>({p.add<Add>({m[x], one})});
  if (m.graph()[m[x]].is<Exp>()) return {rounded};
  // Bounds keep ∞ − ∞ and 0 / 0 out of the correction.
  const Value finite = p.add<Minimum>({m[x], p.scalar(1e30f)});
  const Value u = p.add<Add>({finite, one});
  const Value lost = p.add<Sub>({finite, p.add<Sub>({u, one})});
  return {p.add<Add>({rounded, p.add<Div>({lost, p.add<Maximum>({u, p.scalar(1e-30f)})})})};
}
}  // namespace lower_log1p_

extern const Rewrite lower_log1p;
constinit const Rewrite lower_log1p = {
    .name = "lower_log1p",
    .summary = "log(1 + x) becomes log with a correction, exact near 0; log(1 + eᶻ) none, as softplus",
    .mathematics = "u = fl(1 + x), e = x − (u − 1) exactly; log(u + e) = log(u) + e/u + O((e/u)²), |e/u| ≤ 2⁻²⁴",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_log1p_;
          return root(x);
        },
    .build = lower_log1p_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
