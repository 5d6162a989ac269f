#include "ops/softmax/softmax.h"

#include "ir/quant_rule.h"
#include "ops/elementwise.h"
#include "ops/empty.h"
#include "ops/identity/identity.h"
#include "ops/softmax/softmax_kernels.h"
#include "ops/softmax/softmax_quantized.h"

namespace toucanet {
namespace ops::softmax {

Status infer(InferContext& c) {
  if (c.shape(0).ranked() && c.shape(0).rank() == 0) return c.error("the operand is a scalar");
  const bool wider = c.dtype(0) == DType::I8 && c.attrs<Softmax>().result_dtype == DType::I16;
  c.out(wider ? DType::I16 : c.dtype(0), c.shape(0));
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  if (x.dtype != DType::F32) return c.no_kernel(x.dtype);
  const float beta = c.attrs<Softmax>().beta;
  const int64_t n = x.dims.back();
  if (n == 0) return ok();
  const float* from = x.as<float>().data();
  float* to = c.out<float>().data();
  for (int64_t row = 0; row < x.elements(); row += n, from += n, to += n) {
    const float top = *std::max_element(from, from + n);
    float sum = 0;
    for (int64_t i = 0; i < n; ++i) sum += to[i] = std::exp((from[i] - top) * beta);
    for (int64_t i = 0; i < n; ++i) to[i] /= sum;
  }
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  if (has_no_elements(n.type(n.in(0)).shape)) return std::vector<Value>{n.add<Identity>({n.in(0)})};
  return std::vector<Value>{n.add<Softmax>({n.in(0)}, {.beta = 1})};
}
constexpr TfImport imports[] = {{"Softmax", from_tf}};
constexpr const Kernel* kernels[] = {&softmax_f32, &softmax_8bit};
int version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::softmax

constinit const OpDef Softmax::def = {
    .name = "softmax",
    .summary = "exp(beta·x) / Σ exp(beta·x) along the last axis",
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<Softmax::Attrs>,
    .import_tf = ops::softmax::imports,
    .infer = ops::softmax::infer,
    .eval = ops::softmax::eval,
    .eval_quantized = ops::softmax::eval_quantized,
    .tflite = {.builtin = "SOFTMAX",
               .options = "SoftmaxOptions",
               .types = {DType::F32},
               .quantized = {DType::I8, DType::U8, DType::I16},
               .version = ops::softmax::version},
    .kernels = ops::softmax::kernels,
    .quant = &quant_rules::probability,
};

}  // namespace toucanet
