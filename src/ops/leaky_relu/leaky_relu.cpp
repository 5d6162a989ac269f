#include "ops/leaky_relu/leaky_relu.h"

#include "ir/quant_rule.h"
#include "ops/float_kernels.h"
#include "ops/quantized_elementwise.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::leaky_relu {
Status eval(EvalContext& c) {
  if (c.in(0).dtype != DType::F32) return c.no_kernel(c.in(0).dtype);
  const float alpha = c.attrs<LeakyRelu>().alpha;
  const auto x = c.in<float>(0);
  auto y = c.out<float>();
  for (size_t i = 0; i < y.size(); ++i) y[i] = x[i] > 0 ? x[i] : x[i] * alpha;
  return ok();
}
Status eval_quantized(EvalContext& c) {
  TRY(const Affine x, affine_in(c, 0));
  TRY(const Affine y, affine_out(c));
  CHECK_OK(check_symmetric(c, {x, y}));
  const FixedMultiplier above = quantize_multiplier(static_cast<double>(x.scale / y.scale));
  const FixedMultiplier below = quantize_multiplier(static_cast<double>(x.scale * c.attrs<LeakyRelu>().alpha / y.scale));
  const QuantizedRange range = range_of(c.out().dtype);
  return map_stored(c, [&](int32_t q) {
    const int32_t v = q - x.zero_point;
    return finish(multiply_by_quantized_multiplier(v, v >= 0 ? above : below), y.zero_point, range);
  });
}
int version(const OpView& v) { return v.type(0) == DType::I16 ? 2 : 1; }
Expected<std::vector<Value>> from_tf(TfNode& n) { return std::vector<Value>{n.add<LeakyRelu>({n.in(0)}, {.alpha = n.number("alpha", 0.2f)})}; }
constexpr TfImport imports[] = {{"LeakyRelu", from_tf}};
FloatRange slope(const KernelUse& u) { return {u.attrs<LeakyRelu>().alpha, 0}; }
constexpr Kernel leaky_relu_f32 = unary_f32<UnaryF32::LeakyRelu, slope>("leaky_relu_f32");
constexpr const Kernel* kernels[] = {&leaky_relu_f32, &table_8bit};
}  // namespace ops::leaky_relu

constinit const OpDef LeakyRelu::def = {
    .name = "leaky_relu",
    .summary = "x where x > 0, alpha·x otherwise",
    .traits = Elementwise,
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<LeakyRelu::Attrs>,
    .import_tf = ops::leaky_relu::imports,
    .infer = infer_like_input,
    .eval = ops::leaky_relu::eval,
    .eval_quantized = ops::leaky_relu::eval_quantized,
    .tflite = {.builtin = "LEAKY_RELU",
               .options = "LeakyReluOptions",
               .types = {DType::F32},
               .quantized = {DType::I8, DType::U8, DType::I16},
               .version = ops::leaky_relu::version},
    .kernels = ops::leaky_relu::kernels,
    .quant = &quant_rules::free,
};

}  // namespace toucanet
