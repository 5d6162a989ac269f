#pragma once
// The loops of depthwise_f32 in vectors of any width: behind kernels/vector_f32_<isa>.h.
#include "kernels/depthwise_f32/depthwise_f32.h"
#include "kernels/unroll.h"

namespace toucanet {
namespace {

struct Block {
  size_t channels, taps;
  const float* w;
  float low, high;
};

// Some pixels of one block of channels, `first` floats behind the pointers. `window` is the number of taps, 0: any.
template <size_t pixels, bool whole, size_t window>
void tile(const Block& block, const float* const* a, size_t first, float* y, size_t y_stride) {
  const Mask live = live_mask(block.channels);
  const size_t taps = window ? window : block.taps;
  Vector sums[pixels];
  TOUCANET_UNROLL
  for (size_t p = 0; p < pixels; ++p) sums[p] = load(block.w);
  for (size_t t = 0; t < taps; ++t) {
    const Vector w = load(block.w + (1 + t) * lanes);
    TOUCANET_UNROLL
    for (size_t p = 0; p < pixels; ++p) {
      const float* x = a[p * taps + t] + first;
      sums[p] = multiply_add(whole ? load(x) : load(x, live), w, sums[p]);
    }
  }
  const Vector least = everywhere(block.low), most = everywhere(block.high);
  TOUCANET_UNROLL
  for (size_t p = 0; p < pixels; ++p) {
    const Vector result = clamp(sums[p], least, most);
    whole ? store(y + p * y_stride + first, result) : store(y + p * y_stride + first, live, result);
  }
}

template <bool whole, size_t window>
void all_pixels(size_t pixels, const Block& block, const float* const* a, size_t first, float* y, size_t y_stride) {
  for (; pixels >= 8; pixels -= 8, a += 8 * block.taps, y += 8 * y_stride) tile<8, whole, window>(block, a, first, y, y_stride);
  for (; pixels >= 4; pixels -= 4, a += 4 * block.taps, y += 4 * y_stride) tile<4, whole, window>(block, a, first, y, y_stride);
  for (; pixels > 0; --pixels, a += block.taps, y += y_stride) tile<1, whole, window>(block, a, first, y, y_stride);
}

void run(size_t pixels, size_t channels, size_t taps, const float* const* a, const float* w, float* y, size_t y_stride, float low, float high) {
  Block block{lanes, taps, w, low, high};
  size_t first = 0;
  const auto whole_block = taps == 9 ? all_pixels<true, 9> : all_pixels<true, 0>;
  for (; channels - first >= lanes; first += lanes, block.w += (1 + taps) * lanes) whole_block(pixels, block, a, first, y, y_stride);
  block.channels = channels - first;
  if (block.channels > 0) all_pixels<false, 0>(pixels, block, a, first, y, y_stride);
}

}  // namespace
}  // namespace toucanet
