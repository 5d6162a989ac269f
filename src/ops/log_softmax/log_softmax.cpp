#include "ops/log_softmax/log_softmax.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::log_softmax {
Status infer(InferContext& c) {
  if (c.shape(0).ranked() && c.shape(0).rank() == 0) return c.error("the operand is a scalar");
  return infer_like_input(c);
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  if (x.dtype != DType::F32) return c.no_kernel(x.dtype);
  const int64_t n = x.dims.back();
  if (n == 0) return ok();
  const float* from = x.as<float>().data();
  float* to = c.out<float>().data();
  for (int64_t row = 0; row < x.elements(); row += n, from += n, to += n) {
    const float top = *std::max_element(from, from + n);
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) sum += std::exp(static_cast<double>(from[i] - top));
    const auto log_sum = static_cast<float>(std::log(sum));
    for (int64_t i = 0; i < n; ++i) to[i] = from[i] - top - log_sum;
  }
  return ok();
}
int version(const OpView& v) { return v.type(0) == DType::I8 ? 2 : 1; }
constexpr TfImport imports[] = {{"LogSoftmax", import_plain<LogSoftmax>}};
}  // namespace ops::log_softmax

constinit const OpDef LogSoftmax::def = {
    .name = "log_softmax",
    .summary = "x − log Σ exp(x) along the last axis",
    .inputs = "x",
    .outputs = "y",
    .import_tf = ops::log_softmax::imports,
    .infer = ops::log_softmax::infer,
    .eval = ops::log_softmax::eval,
    .tflite = {.builtin = "LOG_SOFTMAX", .options = "LogSoftmaxOptions", .types = {DType::F32}, .version = ops::log_softmax::version},
};

}  // namespace toucanet
