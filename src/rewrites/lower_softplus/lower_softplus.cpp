#include "ops/abs/abs.h"
#include "ops/add/add.h"
#include "ops/exp/exp.h"
#include "ops/log/log.h"
#include "ops/neg/neg.h"
#include "ops/relu/relu.h"
#include "ops/softplus/softplus.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_softplus_ {
constexpr Var x{"x"};
constexpr NodeVar<Softplus> root{"root"};

std::vector<Value> build(const Match& m, Patch& p) {
  const Value small = p.add<Exp>({p.add<Neg>({p.add<Abs>({m[x]})})});
  return {p.add<Add>({p.add<Relu>({m[x]}), p.add<Log>({p.add<Add>({small, p.scalar(1)})})})};
}
}  // namespace lower_softplus_

extern const Rewrite lower_softplus;
constinit const Rewrite lower_softplus = {
    .name = "lower_softplus",
    .summary = "softplus becomes relu and a logarithm that cannot overflow",
    .mathematics = "log(eˣ + 1) = max(x, 0) + log(1 + e^−|x|)",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_softplus_;
          return root(x);
        },
    .build = lower_softplus_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
