#include "ops/add/add.h"
#include "ops/div/div.h"
#include "ops/equal/equal.h"
#include "ops/fake_quant_per_channel/fake_quant_per_channel.h"
#include "ops/floor/floor.h"
#include "ops/maximum/maximum.h"
#include "ops/minimum/minimum.h"
#include "ops/mul/mul.h"
#include "ops/sub/sub.h"
#include "rewrites/select.h"

namespace toucanet::rewrites {
namespace lower_fed_fake_quant_ {
constexpr Var x{"x"}, low{"min"}, high{"max"};
constexpr NodeVar<FakeQuantPerChannel> root{"root"};

Verdict when(const Match& m) {
  if (m.constant(low) && m.constant(high)) return m.needless("the range is constant");
  return accept();
}

// FakeQuantLevels, computed when the model runs.
std::vector<Value> build(const Match& m, Patch& p) {
  const auto& a = m.attrs(root);
  const float first = a.narrow_range ? 1.0f : 0.0f, last = static_cast<float>((1 << a.num_bits) - 1);
  const auto rounded = [&](Value v) { return p.add<Floor>({p.add<Add>({v, p.scalar(0.5f)})}); };
  const Value scale = p.add<Div>({p.add<Sub>({m[high], m[low]}), p.scalar(last - first)});
  const Value zero = p.add<Sub>({p.scalar(first), p.add<Div>({m[low], scale})});
  const Value level = rounded(p.add<Minimum>({p.add<Maximum>({zero, p.scalar(first)}), p.scalar(last)}));
  const Value least = p.add<Mul>({p.add<Sub>({p.scalar(first), level}), scale});
  const Value most = p.add<Mul>({p.add<Sub>({p.scalar(last), level}), scale});
  const Value inverse = p.add<Div>({p.scalar(1), scale});
  // Levels are counted from `least`, then from zero.
  const Value bounded = p.add<Minimum>({p.add<Maximum>({m[x], least}), most});
  const Value count = p.add<Mul>({p.add<Sub>({bounded, least}), inverse});
  const Value y = p.add<Mul>({rounded(p.add<Sub>({count, p.add<Sub>({level, p.scalar(first)})})), scale});
  return {select(p, p.add<Equal>({m[low], m[high]}), p.scalar(0), y)};
}
}  // namespace lower_fed_fake_quant_

extern const Rewrite lower_fed_fake_quant;
constinit const Rewrite lower_fed_fake_quant = {
    .name = "lower_fed_fake_quant",
    .summary = "fake quantisation to a range that is known only when running becomes arithmetic",
    .mathematics = "⌊(clamp(x) − least)/scale − zero + ½⌋·scale, scale and zero from min and max; 0 where min = max",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_fed_fake_quant_;
          return root(x, low, high);
        },
    .when = lower_fed_fake_quant_::when,
    .build = lower_fed_fake_quant_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
