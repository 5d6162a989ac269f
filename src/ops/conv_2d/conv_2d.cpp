#include "ops/conv_2d/conv_2d.h"

#include "ir/quant_rule.h"
#include "ops/conv_2d/conv_2d_kernels.h"
#include "ops/conv_2d/conv_2d_quantized.h"
#include "ops/dot.h"
#include "ops/transpose/transpose.h"
#include "ops/window.h"

namespace toucanet {
namespace ops::conv_2d {

Status infer(InferContext& c) {
  const auto& a = c.attrs<Conv2D>();
  const Shape &x = c.shape(0), &w = c.shape(1);
  if (c.dtype(0) != c.dtype(1) && !(c.dtype(1) == DType::I8 && (c.dtype(0) == DType::F32 || c.dtype(0) == DType::I16)))
    return c.error("input is {}, filter is {}", name(c.dtype(0)), name(c.dtype(1)));
  if (a.stride_h < 1 || a.stride_w < 1 || a.dilation_h_factor < 1 || a.dilation_w_factor < 1) return c.error("strides and dilations must be positive");
  if ((x.ranked() && x.rank() != 4) || (w.ranked() && w.rank() != 4)) return c.error("input [{}] and filter [{}] must have rank 4", x.str(), w.str());
  if (!x.ranked() || !w.ranked()) return c.out(c.dtype(0), Shape::of_rank(4)), ok();
  if (x[3].known() && w[3].known() && (x[3].value() == 0 || w[3].value() == 0 || x[3].value() % w[3].value()))
    return c.error("input has {} channels, filter expects {}", x[3].str(), w[3].str());
  if (x[3].known() && w[3].known() && w[0].known() && w[0].value() % (x[3].value() / w[3].value()))
    return c.error("{} filters do not divide into {} groups", w[0].str(), x[3].value() / w[3].value());
  if (c.has(2) && c.shape(2).ranked() && (c.shape(2).rank() != 1 || differ(c.shape(2)[0], w[0])))
    return c.error("bias has the shape [{}], there are {} filters", c.shape(2).str(), w[0].str());
  Dim h = Dim::unknown(), width = Dim::unknown();
  if (w[1].known() && w[2].known()) std::tie(h, width) = window_shape(x, w[1].value(), w[2].value(), a, a.dilation_h_factor, a.dilation_w_factor);
  c.out(c.dtype(0), Shape({x[0], h, width, w[0]}));
  return ok();
}

Status eval(EvalContext& c) {
  const auto& a = c.attrs<Conv2D>();
  const Tensor &x = c.in(0), &w = c.in(1);
  if (x.dtype != DType::F32 || w.dtype != DType::F32) return c.no_kernel(w.dtype);
  Tensor& y = c.out();
  const int64_t H = x.dims[1], W = x.dims[2], I = x.dims[3], O = w.dims[0], KH = w.dims[1], KW = w.dims[2], G = w.dims[3];
  if (c.has(2) && c.in(2).dtype != DType::F32) return c.no_kernel(c.in(2).dtype);
  if (G == 0 || I / G == 0 || I % G || O % (I / G)) return c.error("{} channels do not divide into groups of {}", I, G);
  const int64_t OH = y.dims[1], OW = y.dims[2], per_group = O / (I / G);
  const int64_t top = window_padding(H, OH, KH, a.stride_h, a.dilation_h_factor, a.padding),
                left = window_padding(W, OW, KW, a.stride_w, a.dilation_w_factor, a.padding);
  const float* bias = c.has(2) ? c.in<float>(2).data() : nullptr;
  const float* xs = x.as<float>().data();
  const float* ws = w.as<float>().data();
  float* to = y.as_mutable<float>().data();
  for (int64_t n = 0; n < x.dims[0]; ++n)
    for (int64_t oy = 0; oy < OH; ++oy)
      for (int64_t ox = 0; ox < OW; ++ox, to += O) {
        for (int64_t o = 0; o < O; ++o) to[o] = bias ? bias[o] : 0.0f;
        for (int64_t ky = 0; ky < KH; ++ky) {
          const int64_t iy = oy * a.stride_h - top + ky * a.dilation_h_factor;
          if (iy < 0 || iy >= H) continue;
          for (int64_t kx = 0; kx < KW; ++kx) {
            const int64_t ix = ox * a.stride_w - left + kx * a.dilation_w_factor;
            if (ix < 0 || ix >= W) continue;
            const float* p = xs + ((n * H + iy) * W + ix) * I;
            for (int64_t o = 0; o < O; ++o) to[o] += dot(p + o / per_group * G, ws + ((o * KH + ky) * KW + kx) * G, static_cast<size_t>(G));
          }
        }
        for (int64_t o = 0; o < O; ++o) to[o] = activate(a.fused_activation_function, to[o]);
      }
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  n.nhwc();
  n.ignore("use_cudnn_on_gpu");
  const auto [stride_h, stride_w] = n.spatial("strides", {});
  const auto [dilation_h, dilation_w] = n.spatial("dilations", {1, 1, 1, 1});
  Value x = n.in(0);
  const Value w = n.in(1);
  const Padding padding = import_padding(n, x);
  if (n.failed()) return std::vector<Value>{};
  if (n.type(w).dtype != DType::F32) n.refuse("{} is not supported, only floats are", tf_name(n.type(w).dtype));
  const Value ohwi = n.add<Transpose>({w, n.ints_constant({3, 0, 1, 2})});  // HWIO → OHWI
  return std::vector<Value>{n.add<Conv2D>({x, ohwi}, {.padding = padding,
                                                      .stride_w = static_cast<int32_t>(stride_w),
                                                      .stride_h = static_cast<int32_t>(stride_h),
                                                      .dilation_w_factor = static_cast<int32_t>(dilation_w),
                                                      .dilation_h_factor = static_cast<int32_t>(dilation_h)})};
}
constexpr TfImport imports[] = {{"Conv2D", from_tf, {}, Narrow::Rounded}};

constexpr const Kernel* kernels[] = {&conv_2d_f32, &conv_2d_i8, &conv_2d_i8_xnnpack, &conv_2d_hybrid, &conv_2d_u8, &conv_2d_i16};

int version(const OpView& v) {
  if (v.in[0]->shape.ranked() && v.in[1]->shape.ranked() && !same(v.in[0]->shape[3], v.in[1]->shape[3])) return 6;
  return v.type(0) == DType::I8 ? 3 : v.type(1) == DType::I8 ? 5 : 1;
}
Dim macs(const OpView& v) {
  return v.out[0]->shape.elements() * (v.in[1]->shape.ranked() ? v.in[1]->shape[1] * v.in[1]->shape[2] * v.in[1]->shape[3] : Dim::unknown());
}
std::string refuses(const OpView& v) { return v.in.size() < 3 || !v.in[2] ? "it has no bias" : ""; }
constexpr QuantRule quant{.weights = 1, .weights_axis = 0, .bias = 2};
}  // namespace ops::conv_2d

constinit const OpDef Conv2D::def = {
    .name = "conv_2d",
    .summary = "activation(conv(input, filter) + bias)",
    .inputs = "input, filter, bias?",
    .attrs = &attr_ops<Conv2D::Attrs>,
    .import_tf = ops::conv_2d::imports,
    .infer = ops::conv_2d::infer,
    .eval = ops::conv_2d::eval,
    .eval_quantized = ops::conv_2d::eval_quantized,
    .tflite = {.builtin = "CONV_2D",
               .options = "Conv2DOptions",
               .types = {DType::F32},
               .quantized = {DType::I8, DType::U8, DType::I16},
               .hybrid = {DType::I8},
               .max_rank = 4,
               .version = ops::conv_2d::version,
               .refuses = ops::conv_2d::refuses},
    .kernels = ops::conv_2d::kernels,
    .quant = &ops::conv_2d::quant,
    .macs = ops::conv_2d::macs,
};

}  // namespace toucanet
