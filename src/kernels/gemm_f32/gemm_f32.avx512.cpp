#include "kernels/vector_f32_avx512.h"
// The width comes first.
#include "kernels/gemm_f32/gemm_f32_tiles.h"

namespace toucanet {
namespace {

constexpr size_t mr = 14;

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

// By ⌈cols/lanes⌉ and rows.
constexpr Tile tiles[2][mr] = {{tile<1, 1, mr>, tile<2, 1, mr>, tile<3, 1, mr>, tile<4, 1, mr>, tile<5, 1, mr>, tile<6, 1, mr>, tile<7, 1, mr>, tile<8, 1, mr>,
                                tile<9, 1, mr>, tile<10, 1, mr>, tile<11, 1, mr>, tile<12, 1, mr>, tile<13, 1, mr>, tile<14, 1, mr>},
                               {tile<1, 2, mr>, tile<2, 2, mr>, tile<3, 2, mr>, tile<4, 2, mr>, tile<5, 2, mr>, tile<6, 2, mr>, tile<7, 2, mr>, tile<8, 2, mr>,
                                tile<9, 2, mr>, tile<10, 2, mr>, tile<11, 2, mr>, tile<12, 2, mr>, tile<13, 2, mr>, tile<14, 2, mr>}};

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
