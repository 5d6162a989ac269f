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
// Nearest, halves away from zero; uint8 cannot be below it.
struct Stored {
  template <class T>
  static int32_t start() {
    return 0;
  }
  static int32_t step(int32_t a, int32_t x) { return a + x; }
  template <class T>
  static int32_t finish(int32_t a, int32_t n) {
    return a > 0 ? (a + n / 2) / n : (a - n / 2) / n;
  }
};
constexpr TfImport imports[] = {{"AvgPool", import_pool<AveragePool2D>}};
}  // namespace ops::average_pool_2d

constinit const OpDef AveragePool2D::def = with_quant(
    quantized_pool<AveragePool2D, ops::average_pool_2d::Stored>(pool<AveragePool2D>(
        "average_pool_2d", "the mean of each window's valid elements", ops::average_pool_2d::imports, ops::average_pool_2d::eval, "AVERAGE_POOL_2D")),
    quant_rules::average);

}  // namespace toucanet
