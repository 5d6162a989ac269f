#pragma once
// A tile of depthwise_i8 that multiplies bytes as 16-bit integers, in vectors of any width: behind
// kernels/rescale_<isa>.h. `V` loads, multiplies and stores.
#include "kernels/depthwise_i8/depthwise_i8_blocks.h"

namespace toucanet {
namespace {

template <class V>
struct WordTile {
  using Vector = typename V::Vector;
  static constexpr size_t lanes = V::lanes, width = V::width, vectors = 2, tap_group = 2;

  // Pairs of taps; a tap beyond the last meets weights of zero.
  template <size_t pixels, bool whole>
  static void run(const Block& block, const int8_t* const* a, size_t first, int8_t* y, size_t y_stride) {
    Ints sums[pixels][vectors];
    TOUCANET_UNROLL
    for (size_t p = 0; p < pixels; ++p) {
      TOUCANET_UNROLL
      for (size_t v = 0; v < vectors; ++v) sums[p][v] = V::load_ints(block.w + v * sizeof(Ints));
    }
    const int8_t* w = block.w + lanes * sizeof(int32_t);
    for (size_t t = 0; t < block.taps; t += tap_group, w += lanes * tap_group) {
      const size_t next = t + 1 < block.taps ? t + 1 : t;
      const Vector low = V::words(w), high = V::words(w + lanes);
      TOUCANET_UNROLL
      for (size_t p = 0; p < pixels; ++p) {
        const int8_t *const *from = a + p * block.taps, *f0 = from[t] + first, *f1 = from[next] + first;
        const Vector x0 = whole ? V::words(f0) : V::words(f0, block.channels), x1 = whole ? V::words(f1) : V::words(f1, block.channels);
        sums[p][0] += V::pairs_low(x0, x1, low);
        sums[p][1] += V::pairs_high(x0, x1, high);
      }
    }
    const auto* mantissas = reinterpret_cast<const int32_t*>(w);
    const Rescale rescale_low(mantissas, mantissas + lanes, *block.q), rescale_high(mantissas + width, mantissas + lanes + width, *block.q);
    TOUCANET_UNROLL
    for (size_t p = 0; p < pixels; ++p) V::store_words(y + p * y_stride + first, block.channels, V::packed(rescale_low(sums[p][0]), rescale_high(sums[p][1])));
  }
};

}  // namespace
}  // namespace toucanet
