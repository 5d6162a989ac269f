#include "ops/transpose_conv/transpose_conv_quantized.h"

#include "ops/accumulate.h"
#include "ops/transpose_conv/transpose_conv.h"

namespace toucanet::ops::transpose_conv {
namespace {

template <class X, class W>
void scatter(const EvalContext& c, const Accumulation& acc, const std::vector<int64_t>& result, std::vector<int64_t>& sums) {
  const auto& a = c.attrs<TransposeConv>();
  const Tensor &w = c.in(1), &x = c.in(2);
  const int64_t h = x.dims[1], wd = x.dims[2], I = x.dims[3], O = w.dims[0], KH = w.dims[1], KW = w.dims[2], H = result[1], W2 = result[2];
  const int64_t top = window_padding(H, h, KH, a.stride_h, 1, a.padding), left = window_padding(W2, wd, KW, a.stride_w, 1, a.padding);
  const X* p = x.as<X>().data();
  const W* ws = w.as<W>().data();
  for (int64_t n = 0; n < x.dims[0]; ++n)
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
              for (int64_t k = 0; k < I; ++k) to[o] += int64_t{p[k] - acc.x_zero} * (q[k] - acc.w_zero);
            }
          }
        }
}

template <class X, class W>
Status convolve(EvalContext& c) {
  const int64_t O = c.in(1).dims[0];
  TRY(const Accumulation acc, accumulation(c, 2, 1, 3, O, c.attrs<TransposeConv>().fused_activation_function));
  std::vector<int64_t> sums(static_cast<size_t>(c.out().elements()));
  if (c.in(1).elements() && c.in(2).elements()) scatter<X, W>(c, acc, c.out().dims, sums);
  auto y = c.out<X>();
  for (size_t i = 0; i < y.size(); ++i) {
    const auto o = static_cast<int64_t>(i) % O;
    y[i] = static_cast<X>(acc.result(sums[i] + acc.start(o), o));
  }
  return ok();
}

}  // namespace

Status eval_quantized(EvalContext& c) {
  const DType x = c.in(2).dtype, w = c.in(1).dtype;
  if (x == DType::I8 && w == DType::I8) return convolve<int8_t, int8_t>(c);
  if (x == DType::U8 && w == DType::U8) return convolve<uint8_t, uint8_t>(c);
  if (x == DType::I16 && w == DType::I8) return convolve<int16_t, int8_t>(c);
  return c.no_kernel(w);
}

}  // namespace toucanet::ops::transpose_conv
