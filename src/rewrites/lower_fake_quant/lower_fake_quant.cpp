#include "ops/fake_quant/fake_quant.h"
#include "ops/fake_quant_levels.h"
#include "ops/floor/floor.h"
#include "ops/maximum/maximum.h"
#include "ops/minimum/minimum.h"
#include "ops/mul/mul.h"
#include "ops/sub/sub.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_fake_quant_ {
constexpr Var x{"x"};
constexpr NodeVar<FakeQuant> root{"root"};

Verdict when(const Match& m) {
  if (!m.attrs(root).narrow_range) return m.needless("FAKE_QUANT takes it");
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const auto& a = m.attrs(root);
  if (a.min == a.max) return {p.add<Mul>({m[x], p.scalar(0)})};
  const FakeQuantLevels l(a.min, a.max, a.num_bits, a.narrow_range);
  const Value bounded = p.add<Minimum>({p.add<Maximum>({m[x], p.scalar(l.least)}), p.scalar(l.most)});
  const Value level = p.add<Mul>({p.add<Sub>({bounded, p.scalar(l.least)}), p.scalar(l.inverse)});
  return {p.add<Mul>({p.add<Floor>({p.add<Sub>({level, p.scalar(l.zero_level - 0.5f)})}), p.scalar(l.scale)})};
}
}  // namespace lower_fake_quant_

extern const Rewrite lower_fake_quant;
constinit const Rewrite lower_fake_quant = {
    .name = "lower_fake_quant",
    .summary = "what quantisation left of a narrow fake_quant becomes arithmetic: FAKE_QUANT takes no narrow_range",
    .mathematics = "⌊(clamp(x) − least)/scale − zero + ½⌋·scale",
    .stage = Stage::Export,
    .pattern =
        [] {
          using namespace lower_fake_quant_;
          return root(x);
        },
    .when = lower_fake_quant_::when,
    .build = lower_fake_quant_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
