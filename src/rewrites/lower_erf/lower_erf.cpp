#include "ops/abs/abs.h"
#include "ops/add/add.h"
#include "ops/div/div.h"
#include "ops/erf/erf.h"
#include "ops/exp/exp.h"
#include "ops/mul/mul.h"
#include "ops/neg/neg.h"
#include "ops/sign/sign.h"
#include "ops/square/square.h"
#include "ops/sub/sub.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_erf_ {
constexpr Var x{"x"};
constexpr NodeVar<Erf> root{"root"};

std::vector<Value> build(const Match& m, Patch& p) {
  const auto times = [&](Value a, float b) { return p.add<Mul>({a, p.scalar(b)}); };
  const auto plus = [&](Value a, float b) { return p.add<Add>({a, p.scalar(b)}); };
  const Value t = p.add<Div>({p.scalar(1), plus(times(p.add<Abs>({m[x]}), 0.3275911f), 1)});
  Value sum = times(t, 1.061405429f);
  for (float a : {-1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f}) sum = p.add<Mul>({plus(sum, a), t});
  const Value tail = p.add<Mul>({sum, p.add<Exp>({p.add<Neg>({p.add<Square>({m[x]})})})});
  return {p.add<Mul>({p.add<Sign>({m[x]}), p.add<Sub>({p.scalar(1), tail})})};
}
}  // namespace lower_erf_

extern const Rewrite lower_erf;
constinit const Rewrite lower_erf = {
    .name = "lower_erf",
    .summary = "erf becomes a polynomial times e^−x²",
    .mathematics = "erf(x) = sign(x)·(1 − (a₁t + … + a₅t⁵)·e^−x²), t = 1/(1 + p·|x|): within 1.5e-7 (Abramowitz and Stegun, 7.1.26)",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_erf_;
          return root(x);
        },
    .build = lower_erf_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
