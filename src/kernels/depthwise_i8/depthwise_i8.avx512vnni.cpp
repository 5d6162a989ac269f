#include <immintrin.h>

#include "kernels/depthwise_i8/depthwise_i8_blocks.h"
#include "kernels/rescale_avx2.h"

namespace toucanet {
namespace {

// Vectors of 256 bits: a block of 64 channels would be wasted on many layers, and shuffles gain little from 512.
struct Tile {
  static constexpr size_t lanes = 32, width = 8, vectors = 4, tap_group = 4;

  static Ints load_ints(const int8_t* from) { return reinterpret_cast<Ints>(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))); }

  static __mmask32 mask(size_t live) { return live >= lanes ? ~0u : (1u << live) - 1; }

  // int8 + 128, which vpdpbusd reads as unsigned (the packer has taken 128·Σw off the bias).
  template <bool whole>
  static __m256i bytes(const int8_t* from, size_t live) {
    const __m256i x = whole ? _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)) : _mm256_maskz_loadu_epi8(mask(live), from);
    return _mm256_xor_si256(x, _mm256_set1_epi8(-128));
  }

  static Ints dot(Ints sum, __m256i x, const int8_t* w) {
    return reinterpret_cast<Ints>(_mm256_dpbusd_epi32(reinterpret_cast<__m256i>(sum), x, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w))));
  }

  // Four taps' bytes of each channel side by side; a tap beyond the last meets weights of zero.
  template <size_t pixels, bool whole>
  static const int8_t* accumulate(const Block& block, const int8_t* const* a, size_t first, Ints (&sums)[pixels][vectors]) {
    TOUCANET_UNROLL
    for (size_t p = 0; p < pixels; ++p) {
      TOUCANET_UNROLL
      for (size_t v = 0; v < vectors; ++v) sums[p][v] = load_ints(block.w + v * sizeof(Ints));
    }
    const int8_t* w = block.w + lanes * sizeof(int32_t);
    const size_t last = block.taps - 1;
    for (size_t t = 0; t <= last; t += tap_group, w += lanes * tap_group) {
      const size_t t1 = t + 1 < last ? t + 1 : last, t2 = t + 2 < last ? t + 2 : last, t3 = t + 3 < last ? t + 3 : last;
      TOUCANET_UNROLL
      for (size_t p = 0; p < pixels; ++p) {
        const int8_t* const* from = a + p * block.taps;
        const __m256i x0 = bytes<whole>(from[t] + first, block.channels), x1 = bytes<whole>(from[t1] + first, block.channels);
        const __m256i x2 = bytes<whole>(from[t2] + first, block.channels), x3 = bytes<whole>(from[t3] + first, block.channels);
        const __m256i low01 = _mm256_unpacklo_epi8(x0, x1), high01 = _mm256_unpackhi_epi8(x0, x1);
        const __m256i low23 = _mm256_unpacklo_epi8(x2, x3), high23 = _mm256_unpackhi_epi8(x2, x3);
        sums[p][0] = dot(sums[p][0], _mm256_unpacklo_epi16(low01, low23), w);
        sums[p][1] = dot(sums[p][1], _mm256_unpackhi_epi16(low01, low23), w + 32);
        sums[p][2] = dot(sums[p][2], _mm256_unpacklo_epi16(high01, high23), w + 64);
        sums[p][3] = dot(sums[p][3], _mm256_unpackhi_epi16(high01, high23), w + 96);
      }
    }
    return w;
  }

  template <size_t pixels, bool whole>
  static void run(const Block& block, const int8_t* const* a, size_t first, int8_t* y, size_t y_stride) {
    Ints sums[pixels][vectors];
    const auto* mantissas = reinterpret_cast<const int32_t*>(accumulate<pixels, whole>(block, a, first, sums));
    __m256i results[pixels][vectors];
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v) {
      const Rescale rescale(mantissas + v * width, mantissas + lanes + v * width, *block.q);
      TOUCANET_UNROLL
      for (size_t p = 0; p < pixels; ++p) results[p][v] = rescale(sums[p][v]);
    }
    TOUCANET_UNROLL
    for (size_t p = 0; p < pixels; ++p) {
      const __m256i low = _mm256_packs_epi32(results[p][0], results[p][1]), high = _mm256_packs_epi32(results[p][2], results[p][3]);
      _mm256_mask_storeu_epi8(y + p * y_stride + first, mask(block.channels), _mm256_packs_epi16(low, high));
    }
  }
};

}  // namespace

extern const DepthwiseI8 depthwise_i8_avx512vnni;
const DepthwiseI8 depthwise_i8_avx512vnni = {Isa::Avx512Vnni, Tile::lanes, Tile::tap_group, true, order<Tile>.channel, run<Tile>};

}  // namespace toucanet
