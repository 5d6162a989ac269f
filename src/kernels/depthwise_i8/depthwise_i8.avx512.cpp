#include <immintrin.h>

#include "kernels/depthwise_i8/depthwise_i8.h"
#include "kernels/rescale_avx512.h"
#include "kernels/unroll.h"

namespace toucanet {
namespace {

constexpr size_t lanes = 32, width = 16, vectors = 2, tap_group = 2;

struct Order {
  uint8_t channel[lanes];
};

// What unpacking within lanes of 128 bits makes of the channels' order.
constexpr Order unpacked() {
  Order order{};
  for (size_t slot = 0; slot < lanes; ++slot) {
    const size_t vector = slot / width, lane = slot % width / 4;
    order.channel[slot] = static_cast<uint8_t>(lane * 4 * vectors + vector * 4 + slot % 4);
  }
  return order;
}

constexpr Order order = unpacked();

struct Block {
  size_t channels, taps;
  const int8_t* w;
  const RequantI8* q;
};

using Vector = __m512i;

Ints load_ints(const int8_t* from) { return reinterpret_cast<Ints>(_mm512_loadu_si512(from)); }

Vector words(const int8_t* from) { return _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))); }

__mmask32 mask(size_t live) { return live >= lanes ? ~0u : (1u << live) - 1; }

template <bool whole>
Vector words(const int8_t* from, size_t live) {
  return whole ? words(from) : _mm512_cvtepi8_epi16(_mm256_maskz_loadu_epi8(mask(live), from));
}

void store_words(int8_t* to, size_t live, Vector x) { _mm256_mask_storeu_epi8(to, mask(live), _mm512_cvtepi16_epi8(x)); }

// Pairs of taps as 16-bit integers; a tap beyond the last meets weights of zero.
template <size_t pixels, bool whole>
void tile(const Block& block, const int8_t* const* a, size_t first, int8_t* y, size_t y_stride) {
  Ints sums[pixels][vectors];
  TOUCANET_UNROLL
  for (size_t p = 0; p < pixels; ++p) {
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v) sums[p][v] = load_ints(block.w + v * sizeof(Ints));
  }
  const int8_t* w = block.w + lanes * sizeof(int32_t);
  for (size_t t = 0; t < block.taps; t += tap_group, w += lanes * tap_group) {
    const size_t next = t + 1 < block.taps ? t + 1 : t;
    const Vector low = words(w), high = words(w + lanes);
    TOUCANET_UNROLL
    for (size_t p = 0; p < pixels; ++p) {
      const int8_t* const* from = a + p * block.taps;
      const Vector x0 = words<whole>(from[t] + first, block.channels), x1 = words<whole>(from[next] + first, block.channels);
      sums[p][0] += reinterpret_cast<Ints>(_mm512_madd_epi16(_mm512_unpacklo_epi16(x0, x1), low));
      sums[p][1] += reinterpret_cast<Ints>(_mm512_madd_epi16(_mm512_unpackhi_epi16(x0, x1), high));
    }
  }
  const auto* mantissas = reinterpret_cast<const int32_t*>(w);
  const Rescale rescale_low(mantissas, mantissas + lanes, *block.q), rescale_high(mantissas + width, mantissas + lanes + width, *block.q);
  TOUCANET_UNROLL
  for (size_t p = 0; p < pixels; ++p)
    store_words(y + p * y_stride + first, block.channels, _mm512_packs_epi32(rescale_low(sums[p][0]), rescale_high(sums[p][1])));
}

template <bool whole>
void all_pixels(size_t pixels, const Block& block, const int8_t* const* a, size_t first, int8_t* y, size_t y_stride) {
  for (; pixels >= 4; pixels -= 4, a += 4 * block.taps, y += 4 * y_stride) tile<4, whole>(block, a, first, y, y_stride);
  for (; pixels > 0; --pixels, a += block.taps, y += y_stride) tile<1, whole>(block, a, first, y, y_stride);
}

void run(size_t pixels, size_t channels, size_t taps, const int8_t* const* a, const void* w, int8_t* y, size_t y_stride, const RequantI8* q) {
  const size_t bytes = lanes * (3 * sizeof(int32_t) + (taps + tap_group - 1) / tap_group * tap_group);
  Block block{lanes, taps, static_cast<const int8_t*>(w), q};
  size_t first = 0;
  for (; channels - first >= lanes; first += lanes, block.w += bytes) all_pixels<true>(pixels, block, a, first, y, y_stride);
  block.channels = channels - first;
  if (block.channels > 0) all_pixels<false>(pixels, block, a, first, y, y_stride);
}

}  // namespace

extern const DepthwiseI8 depthwise_i8_avx512;
const DepthwiseI8 depthwise_i8_avx512 = {Isa::Avx512, lanes, tap_group, false, order.channel, run};

}  // namespace toucanet
