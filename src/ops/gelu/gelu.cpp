#include "ops/gelu/gelu.h"

#include "ops/elementwise.h"

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
int version(const OpView& v) { return v.type(0) == DType::I8 || v.type(0) == DType::U8 ? 2 : 1; }
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
    .tflite = {.builtin = "GELU", .options = "GeluOptions", .types = {DType::F32}, .version = ops::gelu::version},
};

}  // namespace toucanet
