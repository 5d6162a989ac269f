#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"

#include "ir/quant_rule.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d_kernels.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d_quantized.h"
#include "ops/reshape/reshape.h"
#include "ops/window.h"

namespace toucanet {
namespace ops::depthwise_conv_2d {

Status infer(InferContext& c) {
  const auto& a = c.attrs<DepthwiseConv2D>();
  const Shape &x = c.shape(0), &w = c.shape(1);
  if (c.dtype(0) != c.dtype(1) && !(c.dtype(1) == DType::I8 && (c.dtype(0) == DType::F32 || c.dtype(0) == DType::I16)))
    return c.error("input is {}, filter is {}", name(c.dtype(0)), name(c.dtype(1)));
  if (a.stride_h < 1 || a.stride_w < 1 || a.dilation_h_factor < 1 || a.dilation_w_factor < 1) return c.error("strides and dilations must be positive");
  if ((x.ranked() && x.rank() != 4) || (w.ranked() && w.rank() != 4)) return c.error("input [{}] and filter [{}] must have rank 4", x.str(), w.str());
  if (w.ranked() && w[0].known() && !w[0].is(1)) return c.error("filter [{}] must begin with 1", w.str());
  if (!x.ranked() || !w.ranked()) return c.out(c.dtype(0), Shape::of_rank(4)), ok();
  if (x[3].known() && w[3].known() && (x[3].value() == 0 || w[3].value() % x[3].value())) return c.error("{} filters over {} channels", w[3].str(), x[3].str());
  if (c.has(2) && c.shape(2).ranked() && (c.shape(2).rank() != 1 || differ(c.shape(2)[0], w[3])))
    return c.error("bias has the shape [{}], there are {} filters", c.shape(2).str(), w[3].str());
  Dim h = Dim::unknown(), width = Dim::unknown();
  if (w[1].known() && w[2].known()) std::tie(h, width) = window_shape(x, w[1].value(), w[2].value(), a, a.dilation_h_factor, a.dilation_w_factor);
  c.out(c.dtype(0), Shape({x[0], h, width, w[3]}));
  return ok();
}

Status eval(EvalContext& c) {
  const auto& a = c.attrs<DepthwiseConv2D>();
  const Tensor &x = c.in(0), &w = c.in(1);
  if (x.dtype != DType::F32 || w.dtype != DType::F32) return c.no_kernel(w.dtype);
  Tensor& y = c.out();
  const int64_t H = x.dims[1], W = x.dims[2], I = x.dims[3], KH = w.dims[1], KW = w.dims[2], O = w.dims[3];
  if (c.has(2) && c.in(2).dtype != DType::F32) return c.no_kernel(c.in(2).dtype);
  if (I == 0 || O % I) return c.error("{} filters do not divide into {} channels", O, I);
  const int64_t OH = y.dims[1], OW = y.dims[2], multiplier = O / I;
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
            const float* q = ws + (ky * KW + kx) * O;
            if (multiplier == 1)
              for (int64_t o = 0; o < O; ++o) to[o] += p[o] * q[o];
            else
              for (int64_t o = 0; o < O; ++o) to[o] += p[o / multiplier] * q[o];
          }
        }
        for (int64_t o = 0; o < O; ++o) to[o] = activate(a.fused_activation_function, to[o]);
      }
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  n.nhwc();
  const auto [stride_h, stride_w] = n.spatial("strides", {});
  const auto [dilation_h, dilation_w] = n.spatial("dilations", {1, 1, 1, 1});
  Value x = n.in(0);
  const Value w = n.in(1);
  const Padding padding = import_padding(n, x);
  if (n.failed()) return std::vector<Value>{};
  const Shape& s = n.type(w).shape;  // [KH,KW,I,multiplier]
  if (!s.ranked() || s.rank() != 4 || !s.is_static()) {
    n.refuse("the filter's shape [{}] must be known", s.str());
    return std::vector<Value>{};
  }
  const Value flat = n.add<Reshape>({w, n.ints_constant({1, s[0].value(), s[1].value(), s[2].value() * s[3].value()})});
  return std::vector<Value>{n.add<DepthwiseConv2D>({x, flat}, {.padding = padding,
                                                               .stride_w = static_cast<int32_t>(stride_w),
                                                               .stride_h = static_cast<int32_t>(stride_h),
                                                               .depth_multiplier = static_cast<int32_t>(s[3].value()),
                                                               .dilation_w_factor = static_cast<int32_t>(dilation_w),
                                                               .dilation_h_factor = static_cast<int32_t>(dilation_h)})};
}
constexpr TfImport imports[] = {{"DepthwiseConv2dNative", from_tf}};

constexpr const Kernel* kernels[] = {&depthwise_conv_2d_f32,    &depthwise_conv_2d_i8, &depthwise_conv_2d_i8_xnnpack,
                                     &depthwise_conv_2d_hybrid, &depthwise_conv_2d_u8, &depthwise_conv_2d_i16};

int version(const OpView& v) {
  const auto& a = v.attrs.as<DepthwiseConv2D::Attrs>();
  if (v.type(0) == DType::F32 && v.type(1) == DType::I8) return v.in[1]->quant && v.in[1]->quant->scale.size() > 1 ? 6 : 4;
  return v.type(0) == DType::I16 ? 5 : v.type(0) == DType::I8 ? 3 : a.dilation_w_factor != 1 || a.dilation_h_factor != 1 ? 2 : 1;
}
std::string refuses(const OpView& v) { return v.in.size() < 3 || !v.in[2] ? "it has no bias" : ""; }
Dim macs(const OpView& v) { return v.out[0]->shape.elements() * (v.in[1]->shape.ranked() ? v.in[1]->shape[1] * v.in[1]->shape[2] : Dim::unknown()); }
constexpr QuantRule quant{.weights = 1, .weights_axis = 3, .bias = 2};
}  // namespace ops::depthwise_conv_2d

constinit const OpDef DepthwiseConv2D::def = {
    .name = "depthwise_conv_2d",
    .summary = "activation(depthwise convolution + bias)",
    .inputs = "input, filter, bias?",
    .attrs = &attr_ops<DepthwiseConv2D::Attrs>,
    .import_tf = ops::depthwise_conv_2d::imports,
    .infer = ops::depthwise_conv_2d::infer,
    .eval = ops::depthwise_conv_2d::eval,
    .eval_quantized = ops::depthwise_conv_2d::eval_quantized,
    .tflite = {.builtin = "DEPTHWISE_CONV_2D",
               .options = "DepthwiseConv2DOptions",
               .types = {DType::F32},
               .quantized = {DType::I8, DType::U8, DType::I16},
               .hybrid = {DType::I8},
               .max_rank = 4,
               .version = ops::depthwise_conv_2d::version,
               .refuses = ops::depthwise_conv_2d::refuses},
    .kernels = ops::depthwise_conv_2d::kernels,
    .quant = &ops::depthwise_conv_2d::quant,
    .macs = ops::depthwise_conv_2d::macs,
};

}  // namespace toucanet
