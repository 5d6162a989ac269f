#include "ops/add/add.h"
#include "ops/floor/floor.h"
#include "ops/maximum/maximum.h"
#include "ops/minimum/minimum.h"
#include "ops/mul/mul.h"
#include "ops/quantize_and_dequantize/quantize_and_dequantize.h"
#include "ops/round/round.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_quantize_and_dequantize_ {
constexpr Var x{"x"};
constexpr NodeVar<QuantizeAndDequantize> root{"root"};

Verdict when(const Match&) { return accept(); }

std::vector<Value> build(const Match& m, Patch& p) {
  const QuantizeLevels l = levels_of(m.attrs(root));
  const Value bounded = p.add<Minimum>({p.add<Maximum>({m[x], p.scalar(l.least)}), p.scalar(l.most)});
  const Value level = p.add<Mul>({bounded, p.scalar(l.scale)});
  const Value whole = m.attrs(root).half_up ? p.add<Floor>({p.add<Add>({level, p.scalar(0.5f)})}) : p.add<Round>({level});
  return {p.add<Mul>({whole, p.scalar(l.inverse)})};
}
}  // namespace lower_quantize_and_dequantize_

extern const Rewrite lower_quantize_and_dequantize;
constinit const Rewrite lower_quantize_and_dequantize = {
    .name = "lower_quantize_and_dequantize",
    .summary = "values rounded to the levels of an integer type become arithmetic",
    .mathematics = "round(clamp(x)·scale)/scale",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_quantize_and_dequantize_;
          return root(x);
        },
    .when = lower_quantize_and_dequantize_::when,
    .build = lower_quantize_and_dequantize_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
