#include "ops/fake_quant/fake_quant.h"

#include "ops/elementwise.h"
#include "ops/fake_quant_levels.h"
#include "ops/fake_quant_per_channel/fake_quant_per_channel.h"

namespace toucanet {
namespace ops::fake_quant {
Status infer(InferContext& c) {
  const auto& a = c.attrs<FakeQuant>();
  if (a.num_bits < 2 || a.num_bits > 16) return c.error("num_bits is {}, not 2 … 16", a.num_bits);
  if (!(a.min <= 0 && 0 <= a.max) && !(a.min < a.max)) return c.error("the range {} … {} is empty", a.min, a.max);
  return infer_like_input(c);
}
Status run(EvalContext& c, bool tflite) {
  if (c.in(0).dtype != DType::F32) return c.no_kernel(c.in(0).dtype);
  const auto& a = c.attrs<FakeQuant>();
  const FakeQuantLevels levels(a.min, a.max, a.num_bits, a.narrow_range);
  const auto x = c.in<float>(0);
  auto y = c.out<float>();
  for (size_t i = 0; i < y.size(); ++i) y[i] = a.min == a.max ? 0 : tflite ? levels.tflite(x[i]) : levels.tensorflow(x[i]);
  return ok();
}
Status eval(EvalContext& c) { return run(c, false); }
Status eval_tflite(EvalContext& c) { return run(c, true); }

Value make(TfNode& n, float min, float max) {
  return n.add<FakeQuant>({n.in(0)}, {.min = min,
                                      .max = max,
                                      .num_bits = static_cast<int32_t>(std::clamp<int64_t>(n.integer("num_bits", 8), 0, 64)),
                                      .narrow_range = n.flag("narrow_range", false)});
}
Expected<std::vector<Value>> from_args(TfNode& n) {
  const float min = n.number("min", -6), max = n.number("max", 6);
  return std::vector<Value>{make(n, min, max)};
}
Expected<std::vector<Value>> from_vars(TfNode& n) {
  const auto min = n.constant(1), max = n.constant(2);
  if (!min || !max) {  // known only when running
    const FakeQuantPerChannel::Attrs a{.num_bits = static_cast<int32_t>(std::clamp<int64_t>(n.integer("num_bits", 8), 0, 64)),
                                       .narrow_range = n.flag("narrow_range", false)};
    return std::vector<Value>{n.add<FakeQuantPerChannel>({n.in(0), n.in(1), n.in(2)}, a)};
  }
  if (min->elements() != 1 || max->elements() != 1) {
    n.refuse("min and max must be scalars");
    return std::vector<Value>{};
  }
  return std::vector<Value>{make(n, static_cast<float>(min->number(0)), static_cast<float>(max->number(0)))};
}
int version(const OpView& v) { return v.attrs.as<FakeQuant::Attrs>().narrow_range ? 2 : 1; }
constexpr TfImport imports[] = {{"FakeQuantWithMinMaxArgs", from_args}, {"FakeQuantWithMinMaxVars", from_vars}};
}  // namespace ops::fake_quant

constinit const OpDef FakeQuant::def = {
    .name = "fake_quant",
    .summary = "x rounded to the levels of a quantised range",
    .traits = Elementwise,
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<FakeQuant::Attrs>,
    .import_tf = ops::fake_quant::imports,
    .infer = ops::fake_quant::infer,
    .eval = ops::fake_quant::eval,
    .eval_tflite = ops::fake_quant::eval_tflite,
    .tflite = {.builtin = "FAKE_QUANT", .options = "FakeQuantOptions", .types = {DType::F32}, .version = ops::fake_quant::version},
};

}  // namespace toucanet
