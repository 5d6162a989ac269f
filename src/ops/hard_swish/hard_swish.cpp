#include "ops/hard_swish/hard_swish.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::hard_swish {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return x * std::min(std::max(x + 3.0f, 0.0f), 6.0f) / 6.0f; }
};
}  // namespace ops::hard_swish

constinit const OpDef HardSwish::def = unary("hard_swish", "x·min(max(x + 3, 0), 6)/6", std::span<const TfImport>{}, eval_unary<ops::hard_swish::Fn>,
                                             {.builtin = "HARD_SWISH", .options = "HardSwishOptions", .types = {DType::F32}});

}  // namespace toucanet
