#pragma once

#include <stddef.h>

#include "kernels/isa.h"

namespace toucanet {

// y[p][c] = clamp(bias[c] + Σ_t a[p·taps + t][c] · w[t][c]) for p < pixels, c < channels, all ≥ 1.
//
// `a` holds pixels·taps pointers to `channels` floats each. `w` as pack_depthwise_f32 lays it out: for each block of
// `lanes` channels bias[lanes], then taps × lanes. `y_stride` counts floats. Nothing else is read or written. Clamping
// as in GemmF32. A pixel's result depends neither on the other pixels nor on how many there are.
struct DepthwiseF32 {
  Isa isa;
  uint16_t lanes;
  void (*run)(size_t pixels, size_t channels, size_t taps, const float* const* a, const float* w, float* y, size_t y_stride, float low, float high);
};

}  // namespace toucanet
