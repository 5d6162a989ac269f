#include "ops/leaky_relu/leaky_relu.h"

#include "ops/elementwise.h"

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
Expected<std::vector<Value>> from_tf(TfNode& n) { return std::vector<Value>{n.add<LeakyRelu>({n.in(0)}, {.alpha = n.number("alpha", 0.2f)})}; }
constexpr TfImport imports[] = {{"LeakyRelu", from_tf}};
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
    .tflite = {.builtin = "LEAKY_RELU", .options = "LeakyReluOptions", .types = {DType::F32}},
};

}  // namespace toucanet
