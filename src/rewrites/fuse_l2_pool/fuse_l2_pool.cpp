#include "ops/average_pool_2d/average_pool_2d.h"
#include "ops/l2_pool_2d/l2_pool_2d.h"
#include "ops/mul/mul.h"
#include "ops/sqrt/sqrt.h"
#include "ops/square/square.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fuse_l2_pool_ {
constexpr Var x{"x"};
constexpr NodeVar<AveragePool2D> pool{"pool"};
constexpr NodeVar<Mul> product{"product"};

Verdict when(const Match& m) {
  if (m.attrs(pool).fused_activation_function != Activation::None) return m.reject("the pool has an activation before the root");
  if (m[product] && m.attrs(product).fused_activation_function != Activation::None) return m.reject("the square has an activation");
  return accept();
}
std::vector<Value> build(const Match& m, Patch& p) {
  const auto& a = m.attrs(pool);
  return {p.add<L2Pool2D>(
      {m[x]}, {.padding = a.padding, .stride_w = a.stride_w, .stride_h = a.stride_h, .filter_width = a.filter_width, .filter_height = a.filter_height})};
}
}  // namespace fuse_l2_pool_

extern const Rewrite fuse_l2_pool;
constinit const Rewrite fuse_l2_pool = {
    .name = "fuse_l2_pool",
    .summary = "sqrt(average_pool_2d(x²)) becomes l2_pool_2d(x)",
    .mathematics = "the root of the mean square of each window; both count the valid elements only",
    .toco = "IdentifyL2Pool",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace fuse_l2_pool_;
          return op<Sqrt>(pool(one_of(op<Square>(x), product(x, x)).used_once()).used_once());
        },
    .when = fuse_l2_pool_::when,
    .build = fuse_l2_pool_::build,
};
}  // namespace toucanet::rewrites
