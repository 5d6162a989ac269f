#include "ops/abs/abs.h"
#include "ops/div/div.h"
#include "ops/floor/floor.h"
#include "ops/mul/mul.h"
#include "ops/sign/sign.h"
#include "ops/truncate_div/truncate_div.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_truncate_div_ {
constexpr Var x{"x"}, y{"y"};
constexpr NodeVar<TruncateDiv> root{"root"};

std::vector<Value> build(const Match& m, Patch& p) {
  const Value q = p.add<Div>({m[x], m[y]});
  return {p.add<Mul>({p.add<Sign>({q}), p.add<Floor>({p.add<Abs>({q})})})};
}
}  // namespace lower_truncate_div_

extern const Rewrite lower_truncate_div;
constinit const Rewrite lower_truncate_div = {
    .name = "lower_truncate_div",
    .summary = "division towards zero becomes div, floor and sign",
    .mathematics = "trunc(q) = sign(q)·⌊|q|⌋",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_truncate_div_;
          return root(x, y);
        },
    .build = lower_truncate_div_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
