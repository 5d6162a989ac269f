#include <immintrin.h>
#include <stdint.h>

#include "kernels/histogram_f32/histogram_f32.h"

namespace toucanet {
namespace {

constexpr size_t lanes = 8;

void count(const float* x, size_t n, uint32_t* counts, HistogramSeen* seen) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 0, 1, 2, 3), bins = _mm256_set1_epi32(0x7ffc), one = _mm256_set1_epi32(1);
  __m256 low = _mm256_set1_ps(seen->low), high = _mm256_set1_ps(seen->high);
  __m256i least = _mm256_set1_epi32(-1);  // of twice the magnitude less one: zero is the greatest
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const __m256 v = _mm256_loadu_ps(x + i);
    const __m256i bits = _mm256_castps_si256(v);
    alignas(32) uint32_t at[lanes];
    _mm256_store_si256(reinterpret_cast<__m256i*>(at), _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi32(bits, 17), bins), lane));
    low = _mm256_min_ps(low, v), high = _mm256_max_ps(high, v);
    least = _mm256_min_epu32(least, _mm256_sub_epi32(_mm256_add_epi32(bits, bits), one));
    for (size_t k = 0; k < lanes; ++k) ++counts[at[k]];
  }
  alignas(32) float lows[lanes], highs[lanes];
  alignas(32) uint32_t leasts[lanes];
  _mm256_store_ps(lows, low), _mm256_store_ps(highs, high);
  _mm256_store_si256(reinterpret_cast<__m256i*>(leasts), least);
  HistogramSeen s = *seen;
  const auto join = [&](float l, float h, uint32_t twice_less_one) {
    s.low = l < s.low ? l : s.low, s.high = h > s.high ? h : s.high;
    if (twice_less_one != 0xffffffffu && twice_less_one / 2 + 1 < s.least) s.least = twice_less_one / 2 + 1;
  };
  for (size_t k = 0; k < lanes; ++k) join(lows[k], highs[k], leasts[k]);
  for (; i < n; ++i) {
    const uint32_t bits = static_cast<uint32_t>(_mm_cvtsi128_si32(_mm_castps_si128(_mm_set_ss(x[i]))));
    ++counts[bits >> 19 << 2];
    join(x[i], x[i], bits + bits - 1);
  }
  *seen = s;
}

}  // namespace

extern const HistogramF32 histogram_f32_avx2;
const HistogramF32 histogram_f32_avx2 = {Isa::Avx2, count};

}  // namespace toucanet
