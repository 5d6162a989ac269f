#include "ops/transpose_conv/transpose_conv_quantized.h"

#include "ops/accumulate.h"
#include "ops/transpose_conv/transpose_conv.h"

namespace toucanet::ops::transpose_conv {
namespace {

// Stored operands p; x_zeros of each image.
template <class X, class W>
void scatter(EvalContext& c, const X* p, const std::vector<int32_t>& x_zeros, int32_t w_zero, std::vector<int64_t>& sums) {
  const std::vector<int64_t>& result = c.out().dims;
  const auto& a = c.attrs<TransposeConv>();
  const Tensor &w = c.in(1), &x = c.in(2);
  const int64_t h = x.dims[1], wd = x.dims[2], I = x.dims[3], O = w.dims[0], KH = w.dims[1], KW = w.dims[2], H = result[1], W2 = result[2];
  const int64_t top = window_padding(H, h, KH, a.stride_h, 1, a.padding), left = window_padding(W2, wd, KW, a.stride_w, 1, a.padding);
  const W* ws = w.as<W>().data();
  for (int64_t n = 0; n < x.dims[0]; ++n) {
    const int32_t x_zero = x_zeros[static_cast<size_t>(n)];
    for (int64_t iy = 0; iy < h; ++iy)
      for (int64_t ix = 0; ix < wd; ++ix, p += I)
        for (int64_t ky = 0; ky < KH; ++ky) {
          const int64_t oy = iy * a.stride_h - top + ky;
          if (oy < 0 || oy >= H) continue;
          for (int64_t kx = 0; kx < KW; ++kx) {
            const int64_t ox = ix * a.stride_w - left + kx;
            if (ox < 0 || ox >= W2) continue;
            int64_t* to = sums.data() + ((n * H + oy) * W2 + ox) * O;
            for (int64_t o = 0; o < O; ++o) {
              const W* q = ws + ((o * KH + ky) * KW + kx) * I;
              for (int64_t k = 0; k < I; ++k) to[o] += int64_t{p[k] - x_zero} * (q[k] - w_zero);
            }
          }
        }
  }
}

template <class X, class W>
Status convolve(EvalContext& c) {
  const int64_t O = c.in(1).dims[0];
  TRY(const Accumulation acc, accumulation(c, 2, 1, 3, O, c.attrs<TransposeConv>().fused_activation_function));
  std::vector<int64_t> sums(static_cast<size_t>(c.out().elements()));
  if (c.in(1).elements() && c.in(2).elements())
    scatter<X, W>(c, c.in<X>(2).data(), std::vector<int32_t>(static_cast<size_t>(c.in(2).dims[0]), acc.x_zero), acc.w_zero, sums);
  auto y = c.out<X>();
  for (size_t i = 0; i < y.size(); ++i) {
    const auto o = static_cast<int64_t>(i) % O;
    y[i] = static_cast<X>(acc.result(acc.with_bias(sums[i], o), o));
  }
  return ok();
}

// float32 with a filter of int8: images are quantised one by one, asymmetric.
Status convolve_hybrid(EvalContext& c) {
  const Tensor &x = c.in(2), &filter = c.in(1);
  const int64_t O = filter.dims[0];
  if (c.has(3) && c.in(3).dtype != DType::F32) return c.no_kernel(c.in(3).dtype);
  TRY(const auto scales, channel_scales(c.op(), filter, O, "the filter"));
  const size_t images = static_cast<size_t>(x.dims[0]), image = images ? static_cast<size_t>(x.elements()) / images : 0;
  std::vector<int8_t> q(images * image);
  std::vector<HybridRow> rows;
  std::vector<int32_t> zeros;
  for (size_t n = 0; n < images; ++n) {
    rows.push_back(quantize_row(c.in<float>(2).subspan(n * image, image), q.data() + n * image, true));
    zeros.push_back(rows.back().zero_point);
  }
  auto y = c.out<float>();
  std::vector<int64_t> sums(y.size());
  if (filter.elements() && x.elements()) scatter<int8_t, int8_t>(c, q.data(), zeros, 0, sums);
  const float* bias = c.has(3) ? c.in<float>(3).data() : nullptr;
  for (size_t i = 0; i < y.size(); ++i) {
    const size_t o = i % scales.size(), n = i / (y.size() / images);
    const float scaled = static_cast<float>(static_cast<int32_t>(sums[i])) * (rows[n].scale * scales[o]);
    y[i] = activate(c.attrs<TransposeConv>().fused_activation_function, scaled + (bias ? bias[o] : 0.0f));
  }
  return ok();
}

}  // namespace

Status eval_quantized(EvalContext& c) {
  const DType x = c.in(2).dtype, w = c.in(1).dtype;
  if (x == DType::F32 && w == DType::I8) return convolve_hybrid(c);
  if (x == DType::I8 && w == DType::I8) return convolve<int8_t, int8_t>(c);
  if (x == DType::U8 && w == DType::U8) return convolve<uint8_t, uint8_t>(c);
  if (x == DType::I16 && w == DType::I8) return convolve<int16_t, int8_t>(c);
  return c.no_kernel(w);
}

}  // namespace toucanet::ops::transpose_conv
