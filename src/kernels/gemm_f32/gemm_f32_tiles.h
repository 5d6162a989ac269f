#pragma once
// The loops of gemm_f32 in vectors of any width: behind kernels/vector_f32_<isa>.h.
#include "kernels/gemm_f32/gemm_f32.h"
#include "kernels/unroll.h"

namespace toucanet {
namespace {

constexpr size_t nr = 2 * lanes;

void store_live(float* c, size_t live, Vector x) { live >= lanes ? store(c, x) : store(c, live_mask(live), x); }

// `rows` of the mr rows that are packed together, in `vectors` of columns.
template <size_t rows, size_t vectors, size_t mr>
void tile(size_t cols, size_t taps, size_t depth, const float* const* a, const float* w, float* c, size_t c_stride, float low, float high) {
  Vector sums[rows][vectors];
  TOUCANET_UNROLL
  for (size_t m = 0; m < rows; ++m) {
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v) sums[m][v] = load(w + v * lanes);
  }
  w += nr;
  for (size_t t = 0; t < taps; ++t, a += mr) {
    for (size_t k = 0; k < depth; ++k, w += nr) {
      Vector b[vectors];
      TOUCANET_UNROLL
      for (size_t v = 0; v < vectors; ++v) b[v] = load(w + v * lanes);
      TOUCANET_UNROLL
      for (size_t m = 0; m < rows; ++m) {
        const Vector x = everywhere(a[m][k]);
        TOUCANET_UNROLL
        for (size_t v = 0; v < vectors; ++v) sums[m][v] = multiply_add(x, b[v], sums[m][v]);
      }
    }
  }
  const Vector least = everywhere(low), most = everywhere(high);
  TOUCANET_UNROLL
  for (size_t m = 0; m < rows; ++m) {
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v) store_live(c + m * c_stride + v * lanes, cols - v * lanes, clamp(sums[m][v], least, most));
  }
}

using Tile = void (*)(size_t, size_t, size_t, const float* const*, const float*, float*, size_t, float, float);

}  // namespace
}  // namespace toucanet
