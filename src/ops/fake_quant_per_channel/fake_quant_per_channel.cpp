#include "ops/fake_quant_per_channel/fake_quant_per_channel.h"

#include "ops/elementwise.h"
#include "ops/fake_quant_levels.h"

namespace toucanet {
namespace ops::fake_quant_per_channel {

Status infer(InferContext& c) {
  const auto& a = c.attrs<FakeQuantPerChannel>();
  if (a.num_bits < 2 || a.num_bits > 16) return c.error("num_bits is {}, not 2 … 16", a.num_bits);
  const Shape &x = c.shape(0), &min = c.shape(1), &max = c.shape(2);
  if (min.ranked() && max.ranked() && min.rank() == 0 && max.rank() == 0) return infer_like_input(c);  // one range for all channels
  if (min.ranked() && max.ranked() && min.rank() != max.rank()) return c.error("a range from [{}] to [{}]", min.str(), max.str());
  for (size_t i : {1, 2}) {
    const Shape& r = c.shape(i);
    if (!r.ranked()) continue;
    if (r.rank() > 1) return c.error("a range of shape [{}] is no vector", r.str());
    if (r.rank() == 0) continue;
    if (x.ranked() && x.rank() == 0) return c.error("x is a scalar: it has no channels");
    if (x.ranked() && x[x.rank() - 1].known() && r[0].known() && x[x.rank() - 1].value() != r[0].value())
      return c.error("{} ranges for {} channels", r[0].value(), x[x.rank() - 1].value());
  }
  return infer_like_input(c);
}

Status eval(EvalContext& c) {
  if (c.in(0).dtype != DType::F32) return c.no_kernel(c.in(0).dtype);
  const auto& a = c.attrs<FakeQuantPerChannel>();
  const auto x = c.in<float>(0), min = c.in<float>(1), max = c.in<float>(2);
  auto y = c.out<float>();
  const size_t channels = min.size();
  for (size_t k = 0; k < channels; ++k) {
    if (!(min[k] <= max[k])) return c.error("the range {} … {} of channel {} is empty", min[k], max[k], k);
    const FakeQuantLevels levels(min[k], max[k], a.num_bits, a.narrow_range);
    for (size_t i = k; i < y.size(); i += channels) y[i] = min[k] == max[k] ? 0 : levels.tensorflow(x[i]);
  }
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const FakeQuantPerChannel::Attrs a{.num_bits = static_cast<int32_t>(std::clamp<int64_t>(n.integer("num_bits", 8), 0, 64)),
                                     .narrow_range = n.flag("narrow_range", false)};
  return std::vector<Value>{n.add<FakeQuantPerChannel>({n.in(0), n.in(1), n.in(2)}, a)};
}
constexpr TfImport imports[] = {{"FakeQuantWithMinMaxVarsPerChannel", from_tf}};

}  // namespace ops::fake_quant_per_channel

constinit const OpDef FakeQuantPerChannel::def = {
    .name = "fake_quant_per_channel",
    .summary = "x rounded to the levels of a quantised range, one for each channel",
    .inputs = "x, min, max",
    .outputs = "y",
    .attrs = &attr_ops<FakeQuantPerChannel::Attrs>,
    .import_tf = ops::fake_quant_per_channel::imports,
    .infer = ops::fake_quant_per_channel::infer,
    .eval = ops::fake_quant_per_channel::eval,
    .legal_until = Stage::Lower,
};

}  // namespace toucanet
