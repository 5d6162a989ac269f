#include <immintrin.h>
#include <stdint.h>

#include "kernels/histogram_f32/histogram_f32.h"

namespace toucanet {
namespace {

constexpr size_t lanes = 16;

__mmask16 live(size_t rest) { return static_cast<__mmask16>(rest < lanes ? (1u << rest) - 1 : 0xffffu); }

// Four of each, so that they do not wait for each other.
void look(const float* x, size_t n, HistogramSeen* seen) {
  __m512 low[4], high[4];
  __m512i least[4], most[4];  // of twice the magnitude, the least less one: zero is the greatest
  for (size_t k = 0; k < 4; ++k) {
    low[k] = _mm512_set1_ps(seen->low), high[k] = _mm512_set1_ps(seen->high);
    least[k] = _mm512_set1_epi32(-1), most[k] = _mm512_setzero_si512();
  }
  const auto join = [&](size_t k, __mmask16 m, __m512 v) {
    const __m512i twice = _mm512_slli_epi32(_mm512_castps_si512(v), 1);
    low[k] = _mm512_mask_min_ps(low[k], m, low[k], v), high[k] = _mm512_mask_max_ps(high[k], m, high[k], v);
    least[k] = _mm512_min_epu32(least[k], _mm512_sub_epi32(twice, _mm512_set1_epi32(1)));
    most[k] = _mm512_max_epu32(most[k], twice);
  };
  size_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes)
    for (size_t k = 0; k < 4; ++k) join(k, 0xffff, _mm512_loadu_ps(x + i + k * lanes));
  for (; i < n; i += lanes) join(0, live(n - i), _mm512_maskz_loadu_ps(live(n - i), x + i));
  for (size_t k = 1; k < 4; ++k) {
    low[0] = _mm512_min_ps(low[0], low[k]), high[0] = _mm512_max_ps(high[0], high[k]);
    least[0] = _mm512_min_epu32(least[0], least[k]), most[0] = _mm512_max_epu32(most[0], most[k]);
  }
  seen->low = _mm512_reduce_min_ps(low[0]), seen->high = _mm512_reduce_max_ps(high[0]);
  const uint32_t magnitude = _mm512_reduce_max_epu32(most[0]) / 2;
  if (magnitude > seen->most) seen->most = magnitude;
  const uint32_t twice_less_one = _mm512_reduce_min_epu32(least[0]);
  if (twice_less_one != 0xffffffffu && twice_less_one / 2 + 1 < seen->least) seen->least = twice_less_one / 2 + 1;
}

void count(const float* x, size_t n, uint32_t* counts) {
  const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7),
                bins = _mm512_set1_epi32(0xfff8);  // a counter of its own for each of eight, so that equal values do not wait
  alignas(64) uint32_t at[lanes];
  size_t i = 0;
  const auto places = [&](__mmask16 m) {
    const __m512i bits = _mm512_maskz_loadu_epi32(m, x + i);
    _mm512_store_si512(at, _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(bits, 16), bins), lane));
  };
  for (; i + lanes <= n; i += lanes) {
    places(0xffff);
    for (size_t k = 0; k < lanes; ++k) ++counts[at[k]];
  }
  if (i == n) return;
  places(live(n - i));
  for (size_t k = 0; k < n - i; ++k) ++counts[at[k]];
}

}  // namespace

extern const HistogramF32 histogram_f32_avx512;
const HistogramF32 histogram_f32_avx512 = {Isa::Avx512, look, count};

}  // namespace toucanet
