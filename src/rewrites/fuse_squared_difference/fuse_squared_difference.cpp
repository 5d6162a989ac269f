#include "ops/square/square.h"
#include "ops/squared_difference/squared_difference.h"
#include "ops/sub/sub.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fuse_squared_difference_ {
constexpr NodeVar<Sub> difference{"difference"};
constexpr Var x{"x"}, y{"y"};

Verdict when(const Match& m) {
  if (m.root_type().dtype != DType::F32) return m.reject("the square is {}, not float32", name(m.root_type().dtype));
  if (m.attrs(difference).fused_activation_function != Activation::None) return m.reject("the difference has an activation");
  if (!same(m.shape(x), m.shape(y)) && (!m.root_type().shape.ranked() || m.root_type().shape.rank() > 4))
    return m.reject("SQUARED_DIFFERENCE broadcasts 4 dimensions at most");
  return accept();
}
}  // namespace fuse_squared_difference_

extern const Rewrite fuse_squared_difference;
constinit const Rewrite fuse_squared_difference = {
    .name = "fuse_squared_difference",
    .summary = "the square of a difference becomes squared_difference",
    .mathematics = "(x − y)², rounded in the same places",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace fuse_squared_difference_;
          return op<Square>(difference(x, y).used_once());
        },
    .when = fuse_squared_difference_::when,
    .build =
        [](const Match& m, Patch& p) {
          using namespace fuse_squared_difference_;
          return std::vector<Value>{p.add<SquaredDifference>({m[x], m[y]})};
        },
};
}  // namespace toucanet::rewrites
