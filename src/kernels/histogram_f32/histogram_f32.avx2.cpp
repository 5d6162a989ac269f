#include <immintrin.h>
#include <stdint.h>

#include "kernels/histogram_f32/histogram_f32.h"

namespace toucanet {
namespace {

constexpr size_t lanes = 8;

uint32_t bits_of(const float* x) { return static_cast<uint32_t>(_mm_cvtsi128_si32(_mm_castps_si128(_mm_load_ss(x)))); }

void look(const float* x, size_t n, HistogramSeen* seen) {
  HistogramSeen s = *seen;
  const auto join = [&](float low, float high, uint32_t twice_less_one, uint32_t twice) {
    s.most = twice / 2 > s.most ? twice / 2 : s.most;
    s.low = low < s.low ? low : s.low, s.high = high > s.high ? high : s.high;
    if (twice_less_one != 0xffffffffu && twice_less_one / 2 + 1 < s.least) s.least = twice_less_one / 2 + 1;
  };
  size_t i = 0;
  if (n >= lanes) {
    __m256 low = _mm256_loadu_ps(x), high = low;
    __m256i least = _mm256_set1_epi32(-1), most = _mm256_setzero_si256();  // of twice the magnitude, the least less one: zero is the greatest
    for (; i + lanes <= n; i += lanes) {
      const __m256 v = _mm256_loadu_ps(x + i);
      const __m256i twice = _mm256_slli_epi32(_mm256_castps_si256(v), 1);
      low = _mm256_min_ps(low, v), high = _mm256_max_ps(high, v);
      least = _mm256_min_epu32(least, _mm256_sub_epi32(twice, _mm256_set1_epi32(1)));
      most = _mm256_max_epu32(most, twice);
    }
    alignas(32) float lows[lanes], highs[lanes];
    alignas(32) uint32_t leasts[lanes], mosts[lanes];
    _mm256_store_ps(lows, low), _mm256_store_ps(highs, high);
    _mm256_store_si256(reinterpret_cast<__m256i*>(leasts), least), _mm256_store_si256(reinterpret_cast<__m256i*>(mosts), most);
    for (size_t k = 0; k < lanes; ++k) join(lows[k], highs[k], leasts[k], mosts[k]);
  }
  for (; i < n; ++i) join(x[i], x[i], 2 * bits_of(x + i) - 1, 2 * bits_of(x + i));
  *seen = s;
}

void count(const float* x, size_t n, uint32_t* counts) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), bins = _mm256_set1_epi32(0xfff8);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x + i));
    alignas(32) uint32_t at[lanes];
    _mm256_store_si256(reinterpret_cast<__m256i*>(at), _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi32(bits, 16), bins), lane));
    for (size_t k = 0; k < lanes; ++k) ++counts[at[k]];
  }
  for (; i < n; ++i) ++counts[bits_of(x + i) >> 19 << 3];
}

}  // namespace

extern const HistogramF32 histogram_f32_avx2;
const HistogramF32 histogram_f32_avx2 = {Isa::Avx2, look, count};

}  // namespace toucanet
