#include "ops/l2_pool_2d/l2_pool_2d.h"

#include <cmath>
#include <limits>

#include "ops/pool.h"

namespace toucanet {
namespace ops::l2_pool_2d {
Status eval(EvalContext& c) {
  return eval_pool<L2Pool2D>(
      c, 0.0f, [](float a, float x) { return a + x * x; }, []([[maybe_unused]] float a, float n) { return n > 0 ? std::sqrt(a / n) : 0.0f; });
}

}  // namespace ops::l2_pool_2d

constinit const OpDef L2Pool2D::def = pool<L2Pool2D>("l2_pool_2d", "the root of the mean square of each window's valid elements", std::span<const TfImport>{},
                                                     ops::l2_pool_2d::eval, "L2_POOL_2D");

}  // namespace toucanet
