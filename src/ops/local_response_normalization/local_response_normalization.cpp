#include "ops/local_response_normalization/local_response_normalization.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::local_response_normalization {
Status infer(InferContext& c) {
  if (c.shape(0).ranked() && c.shape(0).rank() != 4) return c.error("x [{}] must have rank 4", c.shape(0).str());
  if (c.attrs<LocalResponseNormalization>().radius < 0) return c.error("the radius is negative");
  return infer_like_input(c);
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  if (x.dtype != DType::F32) return c.no_kernel(x.dtype);
  const auto& a = c.attrs<LocalResponseNormalization>();
  const int64_t n = x.dims.back(), radius = a.radius;
  if (n == 0) return ok();
  const float* from = x.as<float>().data();
  float* to = c.out<float>().data();
  for (int64_t row = 0; row < x.elements(); row += n, from += n, to += n)
    for (int64_t i = 0; i < n; ++i) {
      float sum = 0;
      for (int64_t k = std::max<int64_t>(0, i - radius); k <= std::min(n - 1, i + radius); ++k) sum += from[k] * from[k];
      to[i] = from[i] * std::pow(a.bias + a.alpha * sum, -a.beta);
    }
  return ok();
}
Expected<std::vector<Value>> from_tf(TfNode& n) {
  return std::vector<Value>{
      n.add<LocalResponseNormalization>({n.in(0)}, {.radius = static_cast<int32_t>(std::clamp<int64_t>(n.integer("depth_radius", 5), -1, 1 << 30)),
                                                    .bias = n.number("bias", 1),
                                                    .alpha = n.number("alpha", 1),
                                                    .beta = n.number("beta", 0.5f)})};
}
constexpr Truth truth[] = {{{DType::F32}, "optimized", "the reference kernel leaves out the last neighbour"}};
constexpr TfImport imports[] = {{"LRN", from_tf}};
}  // namespace ops::local_response_normalization

constinit const OpDef LocalResponseNormalization::def = {
    .name = "local_response_normalization",
    .summary = "x·(bias + alpha·Σx²)^−beta over neighbouring channels",
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<LocalResponseNormalization::Attrs>,
    .import_tf = ops::local_response_normalization::imports,
    .infer = ops::local_response_normalization::infer,
    .eval = ops::local_response_normalization::eval,
    .tflite = {.builtin = "LOCAL_RESPONSE_NORMALIZATION", .options = "LocalResponseNormalizationOptions", .types = {DType::F32}},
    .truth = ops::local_response_normalization::truth,
};

}  // namespace toucanet
