#include "ops/average_pool_2d/average_pool_2d.h"

#include <cmath>
#include <limits>

#include "ops/pool.h"

namespace toucanet {
namespace ops::average_pool_2d {
Status eval(EvalContext& c) {
  return eval_pool<AveragePool2D>(
      c, 0.0f, [](float a, float x) { return a + x; }, []([[maybe_unused]] float a, float n) { return n > 0 ? a / n : 0.0f; });
}
constexpr TfImport imports[] = {{"AvgPool", import_pool<AveragePool2D>}};
}  // namespace ops::average_pool_2d

constinit const OpDef AveragePool2D::def = pool<AveragePool2D>("average_pool_2d", "the mean of each window's valid elements", ops::average_pool_2d::imports,
                                                               ops::average_pool_2d::eval, "AVERAGE_POOL_2D");

}  // namespace toucanet
