#include "ops/add/add.h"
#include "ops/elu/elu.h"
#include "ops/minimum/minimum.h"
#include "ops/mul/mul.h"
#include "ops/relu/relu.h"
#include "ops/selu/selu.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_selu_ {
constexpr Var x{"x"};
constexpr NodeVar<Selu> root{"root"};

std::vector<Value> build(const Match& m, Patch& p) {
  const Value negative = p.add<Elu>({p.add<Minimum>({m[x], p.scalar(0)})});
  const Value scaled = p.add<Mul>({p.add<Relu>({m[x]}), p.scalar(1.0507009873554804934f)});
  return {p.add<Add>({scaled, p.add<Mul>({negative, p.scalar(1.7580993408473768599f)})})};
}
}  // namespace lower_selu_

extern const Rewrite lower_selu;
constinit const Rewrite lower_selu = {
    .name = "lower_selu",
    .summary = "selu becomes relu and elu",
    .mathematics = "s·max(x, 0) + s·α·elu(min(x, 0)): one term is 0",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_selu_;
          return root(x);
        },
    .build = lower_selu_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
