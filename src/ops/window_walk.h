#pragma once
// The plain loop of convolutions: which input row meets which filter row for each output position.
#include "ops/window.h"

namespace toucanet {

/// Geometry of a window over [N,H,W,C].
struct Window {
  int64_t batch, in_h, in_w, out_h, out_w, kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, top, left;

  template <class A>
  static Window of(const Tensor& x, const Tensor& y, int64_t kernel_h, int64_t kernel_w, const A& a) {
    Window w{x.dims[0], x.dims[1], x.dims[2], y.dims[1], y.dims[2], kernel_h, kernel_w, a.stride_h, a.stride_w, a.dilation_h_factor, a.dilation_w_factor, 0, 0};
    w.top = window_padding(w.in_h, w.out_h, kernel_h, w.stride_h, w.dilation_h, a.padding);
    w.left = window_padding(w.in_w, w.out_w, kernel_w, w.stride_w, w.dilation_w, a.padding);
    return w;
  }
  /// f(input pixel, tap) for the taps of output (oy, ox) that lie within image n; pixels count from the first image's.
  template <class F>
  void taps(int64_t n, int64_t oy, int64_t ox, F&& f) const {
    for (int64_t ky = 0; ky < kernel_h; ++ky) {
      const int64_t iy = oy * stride_h - top + ky * dilation_h;
      if (iy < 0 || iy >= in_h) continue;
      for (int64_t kx = 0; kx < kernel_w; ++kx) {
        const int64_t ix = ox * stride_w - left + kx * dilation_w;
        if (ix >= 0 && ix < in_w) f((n * in_h + iy) * in_w + ix, ky * kernel_w + kx);
      }
    }
  }
  /// f(n, output pixel) in order, with the position.
  template <class F>
  void outputs(F&& f) const {
    int64_t p = 0;
    for (int64_t n = 0; n < batch; ++n)
      for (int64_t oy = 0; oy < out_h; ++oy)
        for (int64_t ox = 0; ox < out_w; ++ox) f(n, oy, ox, p++);
  }
};

}  // namespace toucanet
