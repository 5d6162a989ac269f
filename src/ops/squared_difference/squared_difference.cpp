#include "ops/squared_difference/squared_difference.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::squared_difference {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x, auto y) const {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>) {
      return (x - y) * (x - y);
    } else {
      const uint64_t d = static_cast<uint64_t>(x) - static_cast<uint64_t>(y);
      return static_cast<T>(d * d);
    }
  }
};
constexpr TfImport imports[] = {{"SquaredDifference", import_plain<SquaredDifference>}};
}  // namespace ops::squared_difference

constinit const OpDef SquaredDifference::def =
    binary("squared_difference", "(x − y)², element by element", Commutative, ops::squared_difference::imports, infer_binary<ops::squared_difference::Fn>,
           eval_binary<ops::squared_difference::Fn>,
           {.builtin = "SQUARED_DIFFERENCE", .options = "SquaredDifferenceOptions", .types = {DType::F32, DType::I32}, .refuses = broadcasts_at_most<4>});

}  // namespace toucanet
