#include "ops/fully_connected/fully_connected.h"

#include "ir/quant_rule.h"
#include "ops/dot.h"
#include "ops/fully_connected/fully_connected_kernels.h"
#include "ops/fully_connected/fully_connected_quantized.h"
#include "ops/shapes.h"

namespace toucanet {
namespace ops::fully_connected {

Status infer(InferContext& c) {
  const auto& a = c.attrs<FullyConnected>();
  const Shape &x = c.shape(0), &w = c.shape(1);
  const DType type = c.dtype(0) == DType::U8 && a.result_dtype == DType::I16 ? DType::I16 : c.dtype(0);
  if (w.ranked() && w.rank() != 2) return c.error("w [{}] must have rank 2", w.str());
  if (!w.ranked() || !x.ranked()) return c.out(type, a.keep_num_dims ? Shape::unranked() : Shape::of_rank(2)), ok();
  if (c.has(2) && c.shape(2).ranked() && differ(c.shape(2).elements(), w[0]))
    return c.error("bias has the shape [{}], there are {} units", c.shape(2).str(), w[0].str());
  if (a.keep_num_dims) {
    if (x.rank() == 0 || differ(x[x.rank() - 1], w[1])) return c.error("x [{}] has not {} features", x.str(), w[1].str());
    Dims d = x.dims();
    d.back() = w[0];
    return c.out(type, Shape(std::move(d))), ok();
  }
  if (x.rank() == 2 && differ(x[1], w[1])) return c.error("x has {} features, w expects {}", x[1].str(), w[1].str());
  if (x.rank() != 2 && w[1].is(0)) return c.error("[{}] has no features", w.str());
  const Dim all = x.elements();
  if (all.known() && w[1].known() && w[1].value() > 0 && all.value() % w[1].value())
    return c.error("{} elements do not divide into rows of {}", all.value(), w[1].value());
  c.out(type, Shape({x.rank() == 2 ? x[0] : floor_div(all, w[1]), w[0]}));
  return ok();
}

Status eval(EvalContext& c) {
  const Tensor &x = c.in(0), &w = c.in(1);
  if (x.dtype != DType::F32 || w.dtype != DType::F32) return c.no_kernel(w.dtype);
  if (c.has(2) && c.in(2).dtype != DType::F32) return c.no_kernel(c.in(2).dtype);
  const auto& a = c.attrs<FullyConnected>();
  const int64_t units = w.dims[0], depth = w.dims[1];
  if (c.out().elements() == 0) return ok();
  const int64_t rows = c.out().elements() / units;
  const float* bias = c.has(2) ? c.in<float>(2).data() : nullptr;
  float* to = c.out<float>().data();
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t u = 0; u < units; ++u)
      to[r * units + u] = activate(a.fused_activation_function, (bias ? bias[u] : 0.0f) + dot(x.as<float>().data() + r * depth,
                                                                                              w.as<float>().data() + u * depth, static_cast<size_t>(depth)));
  return ok();
}

constexpr const Kernel* kernels[] = {&fully_connected_f32, &fully_connected_i8, &fully_connected_hybrid, &fully_connected_u8, &fully_connected_i16};

int version(const OpView& v) {
  const auto& a = v.attrs.as<FullyConnected::Attrs>();
  const DType x = v.type(0), w = v.type(1);
  const bool hybrid = x == DType::F32 && w == DType::I8;
  if (hybrid && v.in[1]->quant && v.in[1]->quant->scale.size() > 1) return 12;
  if (x == DType::I16 && w == DType::I8 && a.quantized_bias_type != DType::F32) return 11;
  if (x == DType::I16 && w == DType::I16) return 7;
  if (v.in.size() == 2) return 6;
  if (a.keep_num_dims) return 5;
  if (x == DType::I8 && w == DType::I8) return 4;
  return hybrid ? a.asymmetric_quantize_inputs ? 9 : 3 : 1;
}
Dim macs(const OpView& v) { return v.out[0]->shape.elements() * (v.in[1]->shape.ranked() ? v.in[1]->shape[1] : Dim::unknown()); }
constexpr QuantRule quant{.weights = 1, .weights_axis = 0, .bias = 2};
}  // namespace ops::fully_connected

constinit const OpDef FullyConnected::def = {
    .name = "fully_connected",
    .summary = "activation(x·wᵀ + bias)",
    .inputs = "x, w, bias?",
    .outputs = "y",
    .attrs = &attr_ops<FullyConnected::Attrs>,
    .infer = ops::fully_connected::infer,
    .eval = ops::fully_connected::eval,
    .eval_quantized = ops::fully_connected::eval_quantized,
    .tflite = {.builtin = "FULLY_CONNECTED",
               .options = "FullyConnectedOptions",
               .types = {DType::F32},
               .quantized = {DType::I8, DType::U8, DType::I16},
               .hybrid = {DType::I8},
               .version = ops::fully_connected::version},
    .kernels = ops::fully_connected::kernels,
    .quant = &ops::fully_connected::quant,
    .macs = ops::fully_connected::macs,
};

}  // namespace toucanet
