#include <limits>

#include "ops/abs/abs.h"
#include "ops/add/add.h"
#include "ops/div/div.h"
#include "ops/greater_equal/greater_equal.h"
#include "ops/less/less.h"
#include "ops/lgamma/lgamma.h"
#include "ops/log/log.h"
#include "ops/maximum/maximum.h"
#include "ops/mul/mul.h"
#include "ops/round/round.h"
#include "ops/sin/sin.h"
#include "ops/sub/sub.h"
#include "rewrites/select.h"

namespace toucanet::rewrites {
namespace lower_lgamma_ {
constexpr Var x{"x"};
constexpr NodeVar<Lgamma> root{"root"};
constexpr float pi = 3.14159265f, log_pi = 1.14472989f, half_log_2_pi = 0.91893853f;
constexpr float c1 = 0.08340707f, c2 = 0.04345768f, c3 = 0.49519561f;  // least error for a ≥ 0.5: 1.1e-5

// log Γ(a), a = d + 0.5.
Value stirling(Patch& p, Value d) {
  const Value a = p.add<Add>({d, p.scalar(0.5f)});
  const Value rest = p.add<Div>({p.scalar(c1), p.add<Add>({a, p.add<Div>({p.scalar(c2), p.add<Add>({a, p.scalar(c3)})})})});
  const Value most = p.add<Mul>({d, p.add<Sub>({p.add<Log>({a}), p.scalar(1)})});
  return p.add<Add>({most, p.add<Add>({rest, p.scalar(half_log_2_pi - 0.5f)})});
}

// All floats below −2²³ are integers: poles. Sums may clamp an infinity to the largest float, which no result is.
std::vector<Value> build(const Match& m, Patch& p) {
  const Value u = p.add<Maximum>({p.scalar(-8388608.0f), m[x]});
  const Value t = p.add<Sub>({u, p.scalar(0.5f)});
  const Value right = stirling(p, p.add<Abs>({t}));
  const Value to_pole = p.add<Sub>({u, p.add<Round>({u})});
  const Value sine = p.add<Abs>({p.add<Sin>({p.add<Mul>({to_pole, p.scalar(pi)})})});
  const Value left = p.add<Sub>({p.add<Sub>({p.scalar(log_pi), p.add<Log>({sine})}), right});
  const Value y = select(p, p.add<Less>({t, p.scalar(0)}), left, right);
  const Value infinite = p.add<GreaterEqual>({y, p.scalar(std::numeric_limits<float>::max())});
  return {select(p, infinite, p.scalar(std::numeric_limits<float>::infinity()), y)};
}
}  // namespace lower_lgamma_

extern const Rewrite lower_lgamma;
constinit const Rewrite lower_lgamma = {
    .name = "lower_lgamma",
    .summary = "log |Γ(x)| by Stirling's series, reflected below 0.5",
    .mathematics =
        "a ≥ 0.5: log Γ(a) ≈ (a − 0.5)·(log a − 1) + log(2π)/2 − 0.5 + c₁/(a + c₂/(a + c₃)), to 1.1e-5; x < 0.5: log π − log |sin πx| − log Γ(1 − x)",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_lgamma_;
          return root(x);
        },
    .build = lower_lgamma_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
