#include "ops/elu/elu.h"
#include "ops/exp/exp.h"
#include "ops/expm1/expm1.h"
#include "ops/minimum/minimum.h"
#include "ops/mul/mul.h"
#include "ops/neg/neg.h"
#include "ops/relu/relu.h"
#include "ops/sub/sub.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_expm1_ {
constexpr Var x{"x"};
constexpr NodeVar<Expm1> root{"root"};

std::vector<Value> build(const Match& m, Patch& p) {
  const Value positive = p.add<Relu>({m[x]});
  const Value negative = p.add<Minimum>({m[x], p.scalar(0)});
  const Value part = p.add<Mul>({p.add<Exp>({positive}), p.add<Elu>({p.add<Neg>({positive})})});
  return {p.add<Sub>({p.add<Elu>({negative}), part})};
}
}  // namespace lower_expm1_

extern const Rewrite lower_expm1;
constinit const Rewrite lower_expm1 = {
    .name = "lower_expm1",
    .summary = "eˣ − 1 becomes two elu, exact near 0",
    .mathematics = "x ≤ 0: eˣ − 1 = elu(x); x ≥ 0: eˣ − 1 = −eˣ·(e⁻ˣ − 1) = −eˣ·elu(−x); the other term is 0",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_expm1_;
          return root(x);
        },
    .build = lower_expm1_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
