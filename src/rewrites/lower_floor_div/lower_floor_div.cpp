#include "ops/floor_div/floor_div.h"
#include "ops/floor_mod/floor_mod.h"
#include "ops/sub/sub.h"
#include "rewrites/divide.h"

namespace toucanet::rewrites {
namespace lower_floor_div_ {
constexpr Var x{"x"}, y{"y"};
constexpr NodeVar<FloorDiv> root{"root"};

Verdict when(const Match& m) {
  if (m.root_type().dtype != DType::I64) return m.needless("TensorFlow Lite divides {}", name(m.root_type().dtype));
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) { return {exact_quotient(p, p.add<Sub>({m[x], p.add<FloorMod>({m[x], m[y]})}), m[y])}; }
}  // namespace lower_floor_div_

extern const Rewrite lower_floor_div;
constinit const Rewrite lower_floor_div = {
    .name = "lower_floor_div",
    .summary = "floor_div of i64 is made of float32 divisions",
    .mathematics = "⌊x / y⌋ = (x − (x mod y)) / y exactly, found by three divisions in float32",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_floor_div_;
          return root(x, y);
        },
    .when = lower_floor_div_::when,
    .build = lower_floor_div_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
