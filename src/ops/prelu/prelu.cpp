#include "ops/prelu/prelu.h"

#include "ir/quant_rule.h"
#include "ops/float_kernels.h"
#include "ops/quantized_elementwise.h"

namespace toucanet {
namespace ops::prelu {
Status infer(InferContext& c) {
  CHECK_OK(check_same_types(c));
  TRY(Shape s, broadcast(c, c.shape(0), c.shape(1)));
  if (s.ranked() && (s.rank() != c.shape(0).rank())) return c.error("alpha [{}] does not broadcast to x [{}]", c.shape(1).str(), c.shape(0).str());
  if (s.ranked())
    for (size_t i = 0; i < s.rank(); ++i)
      if (differ(s[i], c.shape(0)[i])) return c.error("alpha [{}] does not broadcast to x [{}]", c.shape(1).str(), c.shape(0).str());
  c.out(c.dtype(0), c.shape(0));
  return ok();
}
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x, auto alpha) const { return x >= 0 ? x : x * alpha; }
};
Status eval(EvalContext& c) { return eval_binary<Fn>(c); }
Status eval_quantized(EvalContext& c) {
  TRY(const AffinePair by, affine_pair(c));
  const FixedMultiplier above = quantize_multiplier(static_cast<double>(by.x.scale / by.z.scale));
  const FixedMultiplier below = quantize_multiplier(static_cast<double>(by.x.scale * by.y.scale / by.z.scale));
  const QuantizedRange range = range_of(c.out().dtype);
  return map_stored_pairs(c, [&](int32_t x, int32_t alpha) {
    const int32_t v = x - by.x.zero_point;
    const int32_t scaled = v >= 0 ? multiply_by_quantized_multiplier(v, above) : multiply_by_quantized_multiplier(v * (alpha - by.y.zero_point), below);
    return finish(scaled, by.z.zero_point, range);
  });
}
constexpr QuantRule quant{.types = {DType::I8}, .weights = 1};
constexpr Kernel prelu_f32 = binary_f32<Prelu, BinaryF32::Prelu>("prelu_f32");
constexpr const Kernel* kernels[] = {&prelu_f32};
}  // namespace ops::prelu

constinit const OpDef Prelu::def = {
    .name = "prelu",
    .summary = "x where x ≥ 0, alpha·x otherwise",
    .inputs = "x, alpha",
    .outputs = "y",
    .infer = ops::prelu::infer,
    .eval = ops::prelu::eval,
    .eval_quantized = ops::prelu::eval_quantized,
    .tflite = {.builtin = "PRELU", .types = {DType::F32}, .quantized = {DType::I8, DType::U8}, .max_rank = 4},
    .kernels = ops::prelu::kernels,
    .quant = &ops::prelu::quant,
};

}  // namespace toucanet
