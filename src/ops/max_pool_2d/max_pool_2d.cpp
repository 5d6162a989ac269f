#include "ops/max_pool_2d/max_pool_2d.h"

#include <cmath>
#include <limits>

#include "ops/pool.h"

namespace toucanet {
namespace ops::max_pool_2d {
Status eval(EvalContext& c) {
  return eval_pool<MaxPool2D>(
      c, -std::numeric_limits<float>::infinity(), [](float a, float x) { return a < x ? x : a; },
      []([[maybe_unused]] float a, float n) { return n > 0 ? a : 0.0f; });
}
struct Stored {
  template <class T>
  static int32_t start() {
    return std::numeric_limits<T>::lowest();
  }
  static int32_t step(int32_t a, int32_t x) { return std::max(a, x); }
  template <class T>
  static int32_t finish(int32_t a, int32_t) {
    return a;
  }
};
constexpr TfImport imports[] = {{"MaxPool", import_pool<MaxPool2D>, {}, Narrow::Same}};
}  // namespace ops::max_pool_2d

constinit const OpDef MaxPool2D::def = quantized_pool<MaxPool2D, ops::max_pool_2d::Stored>(
    pool<MaxPool2D>("max_pool_2d", "the largest of each window's valid elements", ops::max_pool_2d::imports, ops::max_pool_2d::eval, "MAX_POOL_2D"));

}  // namespace toucanet
