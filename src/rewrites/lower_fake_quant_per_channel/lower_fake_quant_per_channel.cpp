#include "ops/fake_quant_levels.h"
#include "ops/fake_quant_per_channel/fake_quant_per_channel.h"
#include "ops/floor/floor.h"
#include "ops/maximum/maximum.h"
#include "ops/minimum/minimum.h"
#include "ops/mul/mul.h"
#include "ops/sub/sub.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_fake_quant_per_channel_ {
constexpr Var x{"x"}, low{"min"}, high{"max"};
constexpr NodeVar<FakeQuantPerChannel> root{"root"};

Verdict when(const Match& m) {
  const Tensor *a = m.constant(low), *b = m.constant(high);
  for (int64_t i = 0; i < a->elements(); ++i)
    if (!(a->number(i) <= b->number(i))) return m.reject("the range {} … {} of a channel is empty", a->number(i), b->number(i));
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Tensor low_ends = m.constant(low)->aligned(), high_ends = m.constant(high)->aligned();
  const auto& a = m.attrs(root);
  std::vector<float> least, most, inverse, zero, scale;
  for (size_t i = 0; i < low_ends.as<float>().size(); ++i) {
    const FakeQuantLevels l(low_ends.as<float>()[i], high_ends.as<float>()[i], a.num_bits, a.narrow_range);
    least.push_back(l.least), most.push_back(l.most), inverse.push_back(l.inverse), zero.push_back(l.zero_level - 0.5f), scale.push_back(l.scale);
  }
  const auto row = [&](const std::vector<float>& v) { return p.constant(Tensor::of(DType::F32, low_ends.dims, v)); };
  const Value bounded = p.add<Minimum>({p.add<Maximum>({m[x], row(least)}), row(most)});
  const Value level = p.add<Mul>({p.add<Sub>({bounded, row(least)}), row(inverse)});
  return {p.add<Mul>({p.add<Floor>({p.add<Sub>({level, row(zero)})}), row(scale)})};
}
}  // namespace lower_fake_quant_per_channel_

extern const Rewrite lower_fake_quant_per_channel;
constinit const Rewrite lower_fake_quant_per_channel = {
    .name = "lower_fake_quant_per_channel",
    .summary = "values rounded to the levels of their channel become arithmetic: FAKE_QUANT has one range",
    .mathematics = "⌊(clamp(x) − least)/scale − zero + ½⌋·scale",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_fake_quant_per_channel_;
          return root(x, constant(low), constant(high));
        },
    .when = lower_fake_quant_per_channel_::when,
    .build = lower_fake_quant_per_channel_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
