#include <immintrin.h>

#include "kernels/depthwise_f32/depthwise_f32.h"
#include "kernels/unroll.h"

namespace toucanet {
namespace {

constexpr size_t lanes = 16;

using Vector = __m512;
using Mask = __mmask16;

Mask live_mask(size_t live) { return static_cast<Mask>((1u << live) - 1); }
Vector load(const float* x, Mask live) { return _mm512_maskz_loadu_ps(live, x); }
void store(float* y, Mask live, Vector x) { _mm512_mask_storeu_ps(y, live, x); }

struct Block {
  size_t channels, taps;
  const float* w;
  float low, high;
};

// Some pixels of one block of channels, `first` floats behind the pointers.
template <size_t pixels, bool whole>
void tile(const Block& block, const float* const* a, size_t first, float* y, size_t y_stride) {
  const Mask live = live_mask(block.channels);
  Vector sums[pixels];
  TOUCANET_UNROLL
  for (size_t p = 0; p < pixels; ++p) sums[p] = _mm512_loadu_ps(block.w);
  for (size_t t = 0; t < block.taps; ++t) {
    const Vector w = _mm512_loadu_ps(block.w + (1 + t) * lanes);
    TOUCANET_UNROLL
    for (size_t p = 0; p < pixels; ++p) {
      const float* x = a[p * block.taps + t] + first;
      sums[p] = _mm512_fmadd_ps(whole ? _mm512_loadu_ps(x) : load(x, live), w, sums[p]);
    }
  }
  // Of two operands, one NaN, the second is the result.
  const Vector least = _mm512_set1_ps(block.low), most = _mm512_set1_ps(block.high);
  TOUCANET_UNROLL
  for (size_t p = 0; p < pixels; ++p) {
    const Vector result = _mm512_min_ps(most, _mm512_max_ps(least, sums[p]));
    whole ? _mm512_storeu_ps(y + p * y_stride + first, result) : store(y + p * y_stride + first, live, result);
  }
}

template <bool whole>
void all_pixels(size_t pixels, const Block& block, const float* const* a, size_t first, float* y, size_t y_stride) {
  for (; pixels >= 8; pixels -= 8, a += 8 * block.taps, y += 8 * y_stride) tile<8, whole>(block, a, first, y, y_stride);
  for (; pixels >= 4; pixels -= 4, a += 4 * block.taps, y += 4 * y_stride) tile<4, whole>(block, a, first, y, y_stride);
  for (; pixels > 0; --pixels, a += block.taps, y += y_stride) tile<1, whole>(block, a, first, y, y_stride);
}

void run(size_t pixels, size_t channels, size_t taps, const float* const* a, const float* w, float* y, size_t y_stride, float low, float high) {
  Block block{lanes, taps, w, low, high};
  size_t first = 0;
  for (; channels - first >= lanes; first += lanes, block.w += (1 + taps) * lanes) all_pixels<true>(pixels, block, a, first, y, y_stride);
  block.channels = channels - first;
  if (block.channels > 0) all_pixels<false>(pixels, block, a, first, y, y_stride);
}

}  // namespace

extern const DepthwiseF32 depthwise_f32_avx512;
const DepthwiseF32 depthwise_f32_avx512 = {Isa::Avx512, lanes, run};

}  // namespace toucanet
