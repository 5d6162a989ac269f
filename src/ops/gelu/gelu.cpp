#include "ops/gelu/gelu.h"

#include "ir/quant_rule.h"
#include "ops/quantized_table.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::gelu {
Status eval(EvalContext& c) {
  if (c.in(0).dtype != DType::F32) return c.no_kernel(c.in(0).dtype);
  const bool approximate = c.attrs<Gelu>().approximate;
  const auto x = c.in<float>(0);
  auto y = c.out<float>();
  for (size_t i = 0; i < y.size(); ++i) {
    const double v = x[i];
    y[i] = static_cast<float>(approximate ? 0.5 * v * (1 + std::tanh(0.7978845608028654 * (v + 0.044715 * v * v * v)))
                                          : 0.5 * v * std::erfc(-v * 0.7071067811865476));
  }
  return ok();
}
Status eval_quantized(EvalContext& c) {
  if (!c.attrs<Gelu>().approximate) return map_table(c, [](float v) { return 0.5f * v * std::erfc(-v * 0.70710678f); });
  return map_table(c, [](float v) { return 0.5f * v * (1 + std::tanh(0.7978845608f * (v + 0.044715f * v * v * v))); });
}
int version(const OpView& v) { return v.type(0) == DType::I8 || v.type(0) == DType::U8 ? 2 : 1; }
constexpr const Kernel* kernels[] = {&table_8bit};
}  // namespace ops::gelu

constinit const OpDef Gelu::def = {
    .name = "gelu",
    .summary = "x·Φ(x), exact or by tanh",
    .traits = Elementwise,
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<Gelu::Attrs>,
    .infer = infer_like_input,
    .eval = ops::gelu::eval,
    .eval_quantized = ops::gelu::eval_quantized,
    .tflite = {.builtin = "GELU", .options = "GeluOptions", .types = {DType::F32}, .quantized = {DType::I8, DType::U8}, .version = ops::gelu::version},
    .kernels = ops::gelu::kernels,
    .quant = &quant_rules::free,
};

}  // namespace toucanet
