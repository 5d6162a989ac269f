#include "ops/dequantize/dequantize.h"

#include "ops/quantized.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::dequantize {

Status infer(InferContext& c) {
  c.out(DType::F32, c.shape(0));
  return ok();
}

Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  if (x.dtype != DType::F16) return c.no_kernel(x.dtype);
  const auto from = x.as<uint16_t>();
  auto y = c.out<float>();
  for (size_t i = 0; i < y.size(); ++i) y[i] = half_to_float(from[i]);
  return ok();
}

// The product is taken in double, as the reference kernel does.
Status eval_quantized(EvalContext& c) {
  const Tensor& x = c.in(0);
  const Quant* q = c.quant(0);
  if (!q) return diag("TN3011", "dequantize: the operand is not quantised");
  const auto channels = static_cast<int64_t>(q->scale.size());
  if (channels > 1 && (q->axis < 0 || static_cast<size_t>(q->axis) >= x.rank() || x.dims[static_cast<size_t>(q->axis)] != channels))
    return diag("TN3011", "dequantize: {} scales along axis {} of [{}]", channels, q->axis, Shape::of(x.dims).str());
  if (channels > 1 && x.dtype == DType::I16) return c.no_kernel(x.dtype);
  int64_t inner = 1;
  for (size_t i = static_cast<size_t>(q->axis) + 1; i < x.rank(); ++i) inner *= x.dims[i];
  auto y = c.out<float>();
  const bool done = dispatch_quantized(x.dtype, [&]<class T>(T) {
    const auto from = x.as<T>();
    for (size_t i = 0; i < y.size(); ++i) {
      const size_t k = channels == 1 ? 0 : i / static_cast<size_t>(inner) % static_cast<size_t>(channels);
      const auto zero = static_cast<int32_t>(k < q->zero_point.size() ? q->zero_point[k] : 0);
      y[i] = static_cast<float>(static_cast<double>(q->scale[k]) * static_cast<double>(from[i] - zero));
    }
  });
  return done ? ok() : c.no_kernel(x.dtype);
}

int version(const OpView& v) {
  const auto* q = v.in[0]->quant.get();
  if (q && q->scale.size() > 1) return 5;
  return v.type(0) == DType::I16 || v.type(0) == DType::F16 ? 3 : v.type(0) == DType::I8 ? 2 : 1;
}
constexpr const Kernel* kernels[] = {&table_8bit};
}  // namespace ops::dequantize

constinit const OpDef Dequantize::def = {
    .name = "dequantize",
    .summary = "the real numbers that stored ones stand for",
    .inputs = "x",
    .outputs = "y",
    .infer = ops::dequantize::infer,
    .eval = ops::dequantize::eval,
    .eval_quantized = ops::dequantize::eval_quantized,
    .tflite = {.builtin = "DEQUANTIZE",
               .options = "DequantizeOptions",
               .types = {DType::F16},
               .quantized = {DType::I8, DType::U8, DType::I16},
               .version = ops::dequantize::version},
    .kernels = ops::dequantize::kernels,
};

}  // namespace toucanet
