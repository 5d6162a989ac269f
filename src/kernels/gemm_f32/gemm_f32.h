#pragma once

#include <stddef.h>

#include "kernels/isa.h"

namespace toucanet {

// c[m][n] = clamp(bias[n] + Σ_t Σ_k a[t·mr + m][k] · w[t][k][n]) for m < rows, n < cols; 1 ≤ rows ≤ mr, 1 ≤ cols ≤ nr.
//
// A convolution has a tap for each position of its window, a matrix product has one. `a` holds taps·mr pointers to
// `depth` floats each, valid also for m ≥ rows (repeat a row). `w` is one panel as pack_gemm_f32 lays it out:
// bias[nr], then taps × depth × nr. `c_stride` counts floats. Nothing else is read or written. No alignment is needed;
// panels at multiples of 64 bytes are faster.
// clamp(x) is min(max(x, low), high), and NaN stays NaN; −∞ and +∞ clamp nothing.
// A row's result depends neither on the other rows nor on how many there are.
struct GemmF32 {
  Isa isa;
  uint16_t mr, nr;
  void (*run)(size_t rows, size_t cols, size_t taps, size_t depth, const float* const* a, const float* w, float* c, size_t c_stride, float low, float high);
};

}  // namespace toucanet
