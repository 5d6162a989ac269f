#include <immintrin.h>
#include <string.h>

#include "kernels/gemm_i8/gemm_i8.h"
#include "kernels/rescale_avx512.h"
#include "kernels/unroll.h"

namespace toucanet {
namespace {

constexpr size_t mr = 12, lanes = 16, nr = 2 * lanes, kr = 2, piece = 256;

// A piece of each row as 16-bit integers. What lies behind the last one meets weights of zero.
template <size_t rows>
inline void stage(const int8_t* const* a, size_t begin, size_t count, int16_t (&staged)[mr][piece]) {
  for (size_t m = 0; m < rows; ++m)
    for (size_t k = 0; k < count; k += 32) {
      const __mmask32 live = count - k >= 32 ? ~0u : (1u << (count - k)) - 1;
      _mm512_store_si512(staged[m] + k, _mm512_cvtepi8_epi16(_mm256_maskz_loadu_epi8(live, a[m] + begin + k)));
    }
}

// Returns where the weights end.
template <size_t rows, size_t vectors>
inline const int8_t* accumulate(size_t taps, size_t depth, const int8_t* const* a, const void* panel, Ints (&sums)[rows][vectors]) {
  alignas(64) int16_t staged[mr][piece];
  const auto* w = static_cast<const int8_t*>(panel);
  TOUCANET_UNROLL
  for (size_t m = 0; m < rows; ++m) {
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v) sums[m][v] = reinterpret_cast<Ints>(_mm512_loadu_si512(w + v * sizeof(Ints)));
  }
  w += nr * sizeof(int32_t);
  for (size_t t = 0; t < taps; ++t, a += mr) {
    for (size_t begin = 0; begin < depth; begin += piece) {
      const size_t count = depth - begin < piece ? depth - begin : piece;
      stage<rows>(a, begin, count, staged);
      for (size_t k = 0; k < count; k += kr, w += nr * kr) {
        __m512i b[vectors];
        TOUCANET_UNROLL
        for (size_t v = 0; v < vectors; ++v) b[v] = _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(w + v * lanes * kr)));
        TOUCANET_UNROLL
        for (size_t m = 0; m < rows; ++m) {
          int32_t pair;
          memcpy(&pair, staged[m] + k, sizeof pair);
          const __m512i x = _mm512_set1_epi32(pair);
          TOUCANET_UNROLL
          for (size_t v = 0; v < vectors; ++v)
            sums[m][v] = reinterpret_cast<Ints>(_mm512_add_epi32(reinterpret_cast<__m512i>(sums[m][v]), _mm512_madd_epi16(x, b[v])));
        }
      }
    }
  }
  return w;
}

template <size_t rows, size_t vectors>
void tile(size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int8_t* c, size_t c_stride, const RequantI8* q) {
  Ints sums[rows][vectors];
  const auto* mantissas = reinterpret_cast<const int32_t*>(accumulate(taps, depth, a, w, sums));
  TOUCANET_UNROLL
  for (size_t v = 0; v < vectors; ++v) {
    const Rescale rescale(mantissas + v * lanes, mantissas + nr + v * lanes, *q);
    const __mmask16 mask = live_mask(cols - v * lanes);
    TOUCANET_UNROLL
    for (size_t m = 0; m < rows; ++m) _mm_mask_storeu_epi8(c + m * c_stride + v * lanes, mask, _mm512_cvtepi32_epi8(rescale(sums[m][v])));
  }
}

template <size_t rows, size_t vectors>
void tile_acc(size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int32_t* c, size_t c_stride) {
  Ints sums[rows][vectors];
  accumulate(taps, depth, a, w, sums);
  TOUCANET_UNROLL
  for (size_t m = 0; m < rows; ++m) {
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v)
      _mm512_mask_storeu_epi32(c + m * c_stride + v * lanes, live_mask(cols - v * lanes), reinterpret_cast<__m512i>(sums[m][v]));
  }
}

// By ⌈cols/lanes⌉ and rows.
#define TILES(f, v) \
  { f<1, v>, f<2, v>, f<3, v>, f<4, v>, f<5, v>, f<6, v>, f<7, v>, f<8, v>, f<9, v>, f<10, v>, f<11, v>, f<12, v> }

using Tile = void (*)(size_t, size_t, size_t, const int8_t* const*, const void*, int8_t*, size_t, const RequantI8*);
constexpr Tile tiles[2][mr] = {TILES(tile, 1), TILES(tile, 2)};
using TileAcc = void (*)(size_t, size_t, size_t, const int8_t* const*, const void*, int32_t*, size_t);
constexpr TileAcc tiles_acc[2][mr] = {TILES(tile_acc, 1), TILES(tile_acc, 2)};

void run(size_t rows, size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int8_t* c, size_t c_stride, const RequantI8* q) {
  tiles[cols > lanes][rows - 1](cols, taps, depth, a, w, c, c_stride, q);
}

void run_acc(size_t rows, size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int32_t* c, size_t c_stride) {
  tiles_acc[cols > lanes][rows - 1](cols, taps, depth, a, w, c, c_stride);
}

}  // namespace

extern const GemmI8 gemm_i8_avx512;
const GemmI8 gemm_i8_avx512 = {Isa::Avx512, mr, nr, kr, false, run, run_acc, nullptr};

}  // namespace toucanet
