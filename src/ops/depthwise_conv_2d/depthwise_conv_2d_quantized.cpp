#include "ops/depthwise_conv_2d/depthwise_conv_2d_quantized.h"

#include "ops/accumulate.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"
#include "ops/window_walk.h"

namespace toucanet::ops::depthwise_conv_2d {
namespace {

Expected<int64_t> multiplier(const EvalContext& c) {
  const int64_t in = c.in(0).dims[3], out = c.in(1).dims[3];
  if (in == 0 || out % in) return c.error("{} filters do not divide into {} channels", out, in);
  return out / in;
}

template <class X, class W>
Status convolve(EvalContext& c) {
  const auto& a = c.attrs<DepthwiseConv2D>();
  const int64_t in = c.in(0).dims[3], out = c.in(1).dims[3];
  TRY(const int64_t each, multiplier(c));
  TRY(const Accumulation acc, accumulation(c, 0, 1, 2, out, a.fused_activation_function));
  if (c.in(0).dtype == DType::I16 && c.has(2) && c.in(2).dtype != DType::I64) return c.no_kernel(c.in(2).dtype);
  const Window window = Window::of(c.in(0), c.out(), c.in(1).dims[1], c.in(1).dims[2], a);
  const X* x = c.in<X>(0).data();
  const W* w = c.in<W>(1).data();
  X* y = c.out<X>().data();
  window.outputs([&](int64_t n, int64_t oy, int64_t ox, int64_t p) {
    for (int64_t o = 0; o < out; ++o) {
      int64_t sum = 0;
      window.taps(n, oy, ox, [&](int64_t pixel, int64_t tap) { sum += int64_t{x[pixel * in + o / each] - acc.x_zero} * (w[tap * out + o] - acc.w_zero); });
      y[p * out + o] = static_cast<X>(acc.result(acc.with_bias(sum, o), o));
    }
  });
  return ok();
}

// Images are quantised one by one, asymmetric.
Status convolve_hybrid(EvalContext& c) {
  const auto& a = c.attrs<DepthwiseConv2D>();
  const Tensor &x = c.in(0), &filter = c.in(1);
  const int64_t in = x.dims[3], out = filter.dims[3];
  TRY(const int64_t each, multiplier(c));
  TRY(const auto scales, channel_scales(c.op(), filter, out, "the filter"));
  if (static_cast<int64_t>(filter.quant->scale.size()) != out)
    return diag("TN3011", "depthwise_conv_2d: {} scales for {} filters next to float32", filter.quant->scale.size(), out);
  const Window window = Window::of(x, c.out(), filter.dims[1], filter.dims[2], a);
  const int64_t image = window.in_h * window.in_w * in;
  std::vector<int8_t> q(static_cast<size_t>(image * window.batch));
  std::vector<HybridRow> rows;
  for (int64_t n = 0; n < window.batch; ++n)
    rows.push_back(quantize_row(c.in<float>(0).subspan(static_cast<size_t>(n * image), static_cast<size_t>(image)), q.data() + n * image, true));
  const int8_t* w = c.in<int8_t>(1).data();
  const float* bias = c.has(2) ? c.in<float>(2).data() : nullptr;
  float* y = c.out<float>().data();
  window.outputs([&](int64_t n, int64_t oy, int64_t ox, int64_t p) {
    const HybridRow& row = rows[static_cast<size_t>(n)];
    for (int64_t o = 0; o < out; ++o) {
      int32_t sum = 0;
      window.taps(n, oy, ox, [&](int64_t pixel, int64_t tap) { sum += (q[static_cast<size_t>(pixel * in + o / each)] - row.zero_point) * w[tap * out + o]; });
      const float scaled = static_cast<float>(sum) * (scales[static_cast<size_t>(o)] * row.scale);
      y[p * out + o] = activate(a.fused_activation_function, scaled + (bias ? bias[o] : 0.0f));
    }
  });
  return ok();
}

}  // namespace

Status eval_quantized(EvalContext& c) {
  const DType x = c.in(0).dtype, w = c.in(1).dtype;
  if (c.out().dtype != x) return c.no_kernel(c.out().dtype);
  if (x == DType::F32 && w == DType::I8) return !c.has(2) || c.in(2).dtype == DType::F32 ? convolve_hybrid(c) : c.no_kernel(c.in(2).dtype);
  if (x == DType::I8 && w == DType::I8) return convolve<int8_t, int8_t>(c);
  if (x == DType::U8 && w == DType::U8) return convolve<uint8_t, uint8_t>(c);
  if (x == DType::I16 && w == DType::I8) return convolve<int16_t, int8_t>(c);
  return c.no_kernel(w);
}

}  // namespace toucanet::ops::depthwise_conv_2d
