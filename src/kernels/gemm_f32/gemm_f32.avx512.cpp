#include <immintrin.h>

#include "kernels/gemm_f32/gemm_f32.h"
#include "kernels/unroll.h"

namespace toucanet {
namespace {

constexpr size_t mr = 14, lanes = 16, nr = 2 * lanes;

using Vector = __m512;

void store(float* c, size_t live, __m512 x) {
  if (live >= lanes) return _mm512_storeu_ps(c, x);
  _mm512_mask_storeu_ps(c, static_cast<__mmask16>((1u << live) - 1), x);
}

template <size_t rows, size_t vectors>
void tile(size_t cols, size_t taps, size_t depth, const float* const* a, const float* w, float* c, size_t c_stride, float low, float high) {
  Vector sums[rows][vectors];
  TOUCANET_UNROLL
  for (size_t m = 0; m < rows; ++m) {
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v) sums[m][v] = _mm512_loadu_ps(w + v * lanes);
  }
  w += nr;
  for (size_t t = 0; t < taps; ++t, a += mr) {
    for (size_t k = 0; k < depth; ++k, w += nr) {
      Vector b[vectors];
      TOUCANET_UNROLL
      for (size_t v = 0; v < vectors; ++v) b[v] = _mm512_loadu_ps(w + v * lanes);
      TOUCANET_UNROLL
      for (size_t m = 0; m < rows; ++m) {
        const Vector x = _mm512_set1_ps(a[m][k]);
        TOUCANET_UNROLL
        for (size_t v = 0; v < vectors; ++v) sums[m][v] = _mm512_fmadd_ps(x, b[v], sums[m][v]);
      }
    }
  }
  // Of two operands, one NaN, the second is the result.
  const Vector least = _mm512_set1_ps(low), most = _mm512_set1_ps(high);
  TOUCANET_UNROLL
  for (size_t m = 0; m < rows; ++m) {
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v) store(c + m * c_stride + v * lanes, cols - v * lanes, _mm512_min_ps(most, _mm512_max_ps(least, sums[m][v])));
  }
}

// Up to 8 columns, in half a vector.
template <size_t rows>
void narrow_tile(size_t cols, size_t taps, size_t depth, const float* const* a, const float* w, float* c, size_t c_stride, float low, float high) {
  __m256 sums[rows];
  TOUCANET_UNROLL
  for (size_t m = 0; m < rows; ++m) sums[m] = _mm256_loadu_ps(w);
  w += nr;
  for (size_t t = 0; t < taps; ++t, a += mr) {
    for (size_t k = 0; k < depth; ++k, w += nr) {
      const __m256 b = _mm256_loadu_ps(w);
      TOUCANET_UNROLL
      for (size_t m = 0; m < rows; ++m) sums[m] = _mm256_fmadd_ps(_mm256_set1_ps(a[m][k]), b, sums[m]);
    }
  }
  const __m256 least = _mm256_set1_ps(low), most = _mm256_set1_ps(high);
  const __mmask8 live = static_cast<__mmask8>((1u << cols) - 1);
  TOUCANET_UNROLL
  for (size_t m = 0; m < rows; ++m) _mm256_mask_storeu_ps(c + m * c_stride, live, _mm256_min_ps(most, _mm256_max_ps(least, sums[m])));
}

using Tile = void (*)(size_t, size_t, size_t, const float* const*, const float*, float*, size_t, float, float);

// By ⌈cols/lanes⌉ and rows.
constexpr Tile tiles[2][mr] = {{tile<1, 1>, tile<2, 1>, tile<3, 1>, tile<4, 1>, tile<5, 1>, tile<6, 1>, tile<7, 1>, tile<8, 1>, tile<9, 1>, tile<10, 1>,
                                tile<11, 1>, tile<12, 1>, tile<13, 1>, tile<14, 1>},
                               {tile<1, 2>, tile<2, 2>, tile<3, 2>, tile<4, 2>, tile<5, 2>, tile<6, 2>, tile<7, 2>, tile<8, 2>, tile<9, 2>, tile<10, 2>,
                                tile<11, 2>, tile<12, 2>, tile<13, 2>, tile<14, 2>}};

constexpr Tile narrow_tiles[mr] = {narrow_tile<1>, narrow_tile<2>, narrow_tile<3>,  narrow_tile<4>,  narrow_tile<5>,  narrow_tile<6>,  narrow_tile<7>,
                                   narrow_tile<8>, narrow_tile<9>, narrow_tile<10>, narrow_tile<11>, narrow_tile<12>, narrow_tile<13>, narrow_tile<14>};

void run(size_t rows, size_t cols, size_t taps, size_t depth, const float* const* a, const float* w, float* c, size_t c_stride, float low, float high) {
  const Tile chosen = cols <= lanes / 2 ? narrow_tiles[rows - 1] : tiles[cols > lanes][rows - 1];
  chosen(cols, taps, depth, a, w, c, c_stride, low, high);
}

}  // namespace

extern const GemmF32 gemm_f32_avx512;
const GemmF32 gemm_f32_avx512 = {Isa::Avx512, mr, nr, run};

}  // namespace toucanet
