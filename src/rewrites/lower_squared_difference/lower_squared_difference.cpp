#include "ops/mul/mul.h"
#include "ops/squared_difference/squared_difference.h"
#include "ops/sub/sub.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_squared_difference_ {
constexpr Var x{"x"}, y{"y"};
constexpr NodeVar<SquaredDifference> root{"root"};

Verdict when(const Match& m) {
  const Shape &a = m.shape(x), &b = m.shape(y);
  const bool broadcasts = std::max(a.ranked() ? a.rank() : 0, b.ranked() ? b.rank() : 0) > 4 && !same(a, b);
  if (m.root_type().dtype != DType::I64 && !broadcasts) return m.needless("SQUARED_DIFFERENCE takes {}", name(m.root_type().dtype));
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Value d = p.add<Sub>({m[x], m[y]});
  return {p.add<Mul>({d, d})};
}
}  // namespace lower_squared_difference_

extern const Rewrite lower_squared_difference;
constinit const Rewrite lower_squared_difference = {
    .name = "lower_squared_difference",
    .summary = "squared_difference of i64 or of many broadcast dimensions becomes sub and mul",
    .mathematics = "(x − y)² = d·d with d = x − y",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_squared_difference_;
          return root(x, y);
        },
    .when = lower_squared_difference_::when,
    .build = lower_squared_difference_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
