#include <immintrin.h>
#include <string.h>

#include "kernels/gemm_i8/gemm_i8.h"
#include "kernels/rescale_avx512.h"
#include "kernels/unroll.h"

namespace toucanet {
namespace {

constexpr size_t mr = 14, lanes = 16, nr = 2 * lanes, kr = 4, piece = 256;

// A piece of each row as int8 + 128, which vpdpbusd reads as unsigned (the packer has taken 128·Σw off the bias). What
// lies behind the last byte meets weights of zero.
template <size_t rows>
inline void stage(const int8_t* const* a, size_t begin, size_t count, int8_t (&staged)[mr][piece]) {
  const __m512i offset = _mm512_set1_epi8(-128);
  for (size_t m = 0; m < rows; ++m)
    for (size_t k = 0; k < count; k += 64) {
      const __mmask64 live = count - k >= 64 ? ~0ull : (1ull << (count - k)) - 1;
      _mm512_store_si512(staged[m] + k, _mm512_xor_si512(_mm512_maskz_loadu_epi8(live, a[m] + begin + k), offset));
    }
}

// The same from where it lies, for rows that are too short to be worth staging, or whose sign bits are flipped. Whole
// groups of kr are read.
template <size_t rows, size_t vectors, bool flipped>
inline const int8_t* accumulate_in_place(size_t depth, const int8_t* const* a, const int8_t* w, Ints (&sums)[rows][vectors]) {
  const __m512i offset = _mm512_set1_epi8(-128);
  for (size_t k = 0; k < depth; k += kr, w += nr * kr) {
    __m512i b[vectors];
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v) b[v] = _mm512_loadu_si512(w + v * lanes * kr);
    TOUCANET_UNROLL
    for (size_t m = 0; m < rows; ++m) {
      int32_t bytes;
      memcpy(&bytes, a[m] + k, sizeof bytes);
      const __m512i x = flipped ? _mm512_set1_epi32(bytes) : _mm512_xor_si512(_mm512_set1_epi32(bytes), offset);
      TOUCANET_UNROLL
      for (size_t v = 0; v < vectors; ++v) sums[m][v] = reinterpret_cast<Ints>(_mm512_dpbusd_epi32(reinterpret_cast<__m512i>(sums[m][v]), x, b[v]));
    }
  }
  return w;
}

// Returns where the weights end.
template <size_t rows, size_t vectors, bool flipped>
inline const int8_t* accumulate(size_t taps, size_t depth, const int8_t* const* a, const void* panel, Ints (&sums)[rows][vectors]) {
  alignas(64) int8_t staged[mr][piece];
  const auto* w = static_cast<const int8_t*>(panel);
  TOUCANET_UNROLL
  for (size_t m = 0; m < rows; ++m) {
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v) sums[m][v] = reinterpret_cast<Ints>(_mm512_loadu_si512(w + v * sizeof(Ints)));
  }
  w += nr * sizeof(int32_t);
  const bool in_place = flipped || (depth <= 64 && depth % kr == 0);
  for (size_t t = 0; t < taps; ++t, a += mr) {
    if (in_place) {
      w = accumulate_in_place<rows, vectors, flipped>(depth, a, w, sums);
      continue;
    }
    for (size_t begin = 0; begin < depth; begin += piece) {
      const size_t count = depth - begin < piece ? depth - begin : piece;
      stage<rows>(a, begin, count, staged);
      for (size_t k = 0; k < count; k += kr, w += nr * kr) {
        __m512i b[vectors];
        TOUCANET_UNROLL
        for (size_t v = 0; v < vectors; ++v) b[v] = _mm512_loadu_si512(w + v * lanes * kr);
        TOUCANET_UNROLL
        for (size_t m = 0; m < rows; ++m) {
          int32_t bytes;
          memcpy(&bytes, staged[m] + k, sizeof bytes);
          const __m512i x = _mm512_set1_epi32(bytes);
          TOUCANET_UNROLL
          for (size_t v = 0; v < vectors; ++v) sums[m][v] = reinterpret_cast<Ints>(_mm512_dpbusd_epi32(reinterpret_cast<__m512i>(sums[m][v]), x, b[v]));
        }
      }
    }
  }
  return w;
}

template <size_t rows, size_t vectors, bool flipped>
void tile(size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int8_t* c, size_t c_stride, const RequantI8* q) {
  Ints sums[rows][vectors];
  const auto* mantissas = reinterpret_cast<const int32_t*>(accumulate<rows, vectors, flipped>(taps, depth, a, w, sums));
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
  accumulate<rows, vectors, false>(taps, depth, a, w, sums);
  TOUCANET_UNROLL
  for (size_t m = 0; m < rows; ++m) {
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v)
      _mm512_mask_storeu_epi32(c + m * c_stride + v * lanes, live_mask(cols - v * lanes), reinterpret_cast<__m512i>(sums[m][v]));
  }
}

// By ⌈cols/lanes⌉ and rows.
#define TILES(f, ...)                                                                                                                                       \
  {                                                                                                                                                         \
    f<1, __VA_ARGS__>, f<2, __VA_ARGS__>, f<3, __VA_ARGS__>, f<4, __VA_ARGS__>, f<5, __VA_ARGS__>, f<6, __VA_ARGS__>, f<7, __VA_ARGS__>, f<8, __VA_ARGS__>, \
        f<9, __VA_ARGS__>, f<10, __VA_ARGS__>, f<11, __VA_ARGS__>, f<12, __VA_ARGS__>, f<13, __VA_ARGS__>, f<14, __VA_ARGS__>                               \
  }

using Tile = void (*)(size_t, size_t, size_t, const int8_t* const*, const void*, int8_t*, size_t, const RequantI8*);
constexpr Tile tiles[2][mr] = {TILES(tile, 1, false), TILES(tile, 2, false)};
constexpr Tile tiles_flipped[2][mr] = {TILES(tile, 1, true), TILES(tile, 2, true)};
using TileAcc = void (*)(size_t, size_t, size_t, const int8_t* const*, const void*, int32_t*, size_t);
constexpr TileAcc tiles_acc[2][mr] = {TILES(tile_acc, 1), TILES(tile_acc, 2)};

void run(size_t rows, size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int8_t* c, size_t c_stride, const RequantI8* q) {
  tiles[cols > lanes][rows - 1](cols, taps, depth, a, w, c, c_stride, q);
}

void run_flipped(size_t rows, size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int8_t* c, size_t c_stride, const RequantI8* q) {
  tiles_flipped[cols > lanes][rows - 1](cols, taps, depth, a, w, c, c_stride, q);
}

void run_acc(size_t rows, size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int32_t* c, size_t c_stride) {
  tiles_acc[cols > lanes][rows - 1](cols, taps, depth, a, w, c, c_stride);
}

}  // namespace

extern const GemmI8 gemm_i8_avx512vnni;
const GemmI8 gemm_i8_avx512vnni = {Isa::Avx512Vnni, mr, nr, kr, true, run, run_acc, run_flipped};

}  // namespace toucanet
