#include <immintrin.h>
#include <string.h>

#include "kernels/gemm_i8/gemm_i8.h"
#include "kernels/rescale_avx2.h"
#include "kernels/unroll.h"

namespace toucanet {
namespace {

constexpr size_t mr = 6, lanes = 8, nr = 2 * lanes, kr = 2, piece = 256;

// A piece of each row as 16-bit integers, with zeros behind the last one.
template <size_t rows>
inline void stage(const int8_t* const* a, size_t begin, size_t count, int16_t (&staged)[mr][piece]) {
  for (size_t m = 0; m < rows; ++m)
    for (size_t k = 0; k < count; k += 16) {
      const int8_t* from = a[m] + begin + k;
      int8_t last[16] = {};
      if (count - k < 16) {
        for (size_t i = 0; i < count - k; ++i) last[i] = from[i];
        from = last;
      }
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
      _mm256_store_si256(reinterpret_cast<__m256i*>(staged[m] + k), _mm256_cvtepi8_epi16(bytes));
    }
}

// Returns where the weights end.
template <size_t rows, size_t vectors>
inline const int8_t* accumulate(size_t taps, size_t depth, const int8_t* const* a, const void* panel, Ints (&sums)[rows][vectors]) {
  alignas(32) int16_t staged[mr][piece];
  const auto* w = static_cast<const int8_t*>(panel);
  TOUCANET_UNROLL
  for (size_t m = 0; m < rows; ++m) {
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v) sums[m][v] = reinterpret_cast<Ints>(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(w + v * sizeof(Ints))));
  }
  w += nr * sizeof(int32_t);
  for (size_t t = 0; t < taps; ++t, a += mr) {
    for (size_t begin = 0; begin < depth; begin += piece) {
      const size_t count = depth - begin < piece ? depth - begin : piece;
      stage<rows>(a, begin, count, staged);
      for (size_t k = 0; k < count; k += kr, w += nr * kr) {
        __m256i b[vectors];
        TOUCANET_UNROLL
        for (size_t v = 0; v < vectors; ++v) b[v] = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(w + v * lanes * kr)));
        TOUCANET_UNROLL
        for (size_t m = 0; m < rows; ++m) {
          int32_t pair;
          memcpy(&pair, staged[m] + k, sizeof pair);
          const __m256i x = _mm256_set1_epi32(pair);
          TOUCANET_UNROLL
          for (size_t v = 0; v < vectors; ++v)
            sums[m][v] = reinterpret_cast<Ints>(_mm256_add_epi32(reinterpret_cast<__m256i>(sums[m][v]), _mm256_madd_epi16(x, b[v])));
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
  const Rescale first(mantissas, mantissas + nr, *q), last(mantissas + lanes, mantissas + nr + lanes, *q);
  TOUCANET_UNROLL
  for (size_t m = 0; m < rows; ++m) store_bytes(c + m * c_stride, cols, as_bytes(first(sums[m][0]), last(sums[m][vectors - 1])));
}

void store_ints(int32_t* c, size_t live, Ints sums) {
  for (size_t i = 0; i < lanes && i < live; ++i) c[i] = sums[i];
}

template <size_t rows, size_t vectors>
void tile_acc(size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int32_t* c, size_t c_stride) {
  Ints sums[rows][vectors];
  accumulate(taps, depth, a, w, sums);
  TOUCANET_UNROLL
  for (size_t m = 0; m < rows; ++m) {
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v) store_ints(c + m * c_stride + v * lanes, cols - v * lanes, sums[m][v]);
  }
}

// By ⌈cols/lanes⌉ and rows.
#define TILES(f, v) \
  { f<1, v>, f<2, v>, f<3, v>, f<4, v>, f<5, v>, f<6, v> }

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

extern const GemmI8 gemm_i8_avx2;
const GemmI8 gemm_i8_avx2 = {Isa::Avx2, mr, nr, kr, false, run, run_acc, nullptr};

}  // namespace toucanet
