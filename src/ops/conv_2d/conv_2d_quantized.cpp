#include "ops/conv_2d/conv_2d_quantized.h"

#include "ops/accumulate.h"
#include "ops/conv_2d/conv_2d.h"
#include "ops/window_walk.h"

namespace toucanet::ops::conv_2d {
namespace {

struct Shapes {
  int64_t in, out, group, per_group;  // channels
};
Expected<Shapes> shapes(EvalContext& c) {
  const Tensor &x = c.in(0), &w = c.in(1);
  const Shapes s{x.dims[3], w.dims[0], w.dims[3], 0};
  if (s.group == 0 || s.in % s.group || s.in == 0 || s.out % (s.in / s.group)) return c.error("{} channels do not divide into groups of {}", s.in, s.group);
  return Shapes{s.in, s.out, s.group, s.out / (s.in / s.group)};
}

template <class X, class W>
Status convolve(EvalContext& c) {
  const auto& a = c.attrs<Conv2D>();
  TRY(const Shapes s, shapes(c));
  TRY(const Accumulation acc, accumulation(c, 0, 1, 2, s.out, a.fused_activation_function));
  const Window window = Window::of(c.in(0), c.out(), c.in(1).dims[1], c.in(1).dims[2], a);
  const int64_t taps = window.kernel_h * window.kernel_w;
  const X* x = c.in<X>(0).data();
  const W* w = c.in<W>(1).data();
  X* y = c.out<X>().data();
  window.outputs([&](int64_t n, int64_t oy, int64_t ox, int64_t p) {
    for (int64_t o = 0; o < s.out; ++o) {
      int64_t sum = 0;
      window.taps(n, oy, ox, [&](int64_t pixel, int64_t tap) {
        const X* from = x + pixel * s.in + o / s.per_group * s.group;
        const W* by = w + (o * taps + tap) * s.group;
        for (int64_t k = 0; k < s.group; ++k) sum += int64_t{from[k] - acc.x_zero} * (by[k] - acc.w_zero);
      });
      y[p * s.out + o] = static_cast<X>(acc.result(acc.with_bias(sum, o), o));
    }
  });
  return ok();
}

// Images are quantised one by one: symmetric for one scale, asymmetric for several or for groups.
Status convolve_hybrid(EvalContext& c) {
  const auto& a = c.attrs<Conv2D>();
  TRY(const Shapes s, shapes(c));
  const Tensor &x = c.in(0), &filter = c.in(1);
  TRY(const auto scales, channel_scales(c.op(), filter, s.out, "the filter"));
  const Window window = Window::of(x, c.out(), filter.dims[1], filter.dims[2], a);
  const int64_t taps = window.kernel_h * window.kernel_w, image = window.in_h * window.in_w * s.in;
  const bool asymmetric = scales_differ(*filter.quant) || s.in != s.group;
  std::vector<int8_t> q(static_cast<size_t>(image * window.batch));
  std::vector<HybridRow> rows;
  for (int64_t n = 0; n < window.batch; ++n)
    rows.push_back(quantize_row(c.in<float>(0).subspan(static_cast<size_t>(n * image), static_cast<size_t>(image)), q.data() + n * image, asymmetric));
  const int8_t* w = c.in<int8_t>(1).data();
  const float* bias = c.has(2) ? c.in<float>(2).data() : nullptr;
  float* y = c.out<float>().data();
  window.outputs([&](int64_t n, int64_t oy, int64_t ox, int64_t p) {
    const HybridRow& row = rows[static_cast<size_t>(n)];
    for (int64_t o = 0; o < s.out; ++o) {
      int32_t sum = 0;
      window.taps(n, oy, ox, [&](int64_t pixel, int64_t tap) {
        const int8_t* from = q.data() + pixel * s.in + o / s.per_group * s.group;
        const int8_t* by = w + (o * taps + tap) * s.group;
        for (int64_t k = 0; k < s.group; ++k) sum += (from[k] - row.zero_point) * by[k];
      });
      const float scaled = static_cast<float>(sum) * (row.scale * scales[static_cast<size_t>(o)]);
      y[p * s.out + o] = activate(a.fused_activation_function, scaled + (bias ? bias[o] : 0.0f));
    }
  });
  return ok();
}

}  // namespace

Status eval_quantized(EvalContext& c) {
  const DType x = c.in(0).dtype, w = c.in(1).dtype;
  if (x == DType::F32 && w == DType::I8) return convolve_hybrid(c);
  if (c.out().dtype != x) return c.no_kernel(c.out().dtype);
  if (x == DType::I8 && w == DType::I8) return convolve<int8_t, int8_t>(c);
  if (x == DType::U8 && w == DType::U8) return convolve<uint8_t, uint8_t>(c);
  if (x == DType::I16 && w == DType::I8) return convolve<int16_t, int8_t>(c);
  return c.no_kernel(w);
}

}  // namespace toucanet::ops::conv_2d
