#include <immintrin.h>
#include <stdint.h>

#include "kernels/histogram_f32/histogram_f32.h"

namespace toucanet {
namespace {

constexpr size_t lanes = 16;

void count(const float* x, size_t n, uint32_t* counts, HistogramSeen* seen) {
  const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3), bins = _mm512_set1_epi32(0x7ffc), one = _mm512_set1_epi32(1);
  __m512 low = _mm512_set1_ps(seen->low), high = _mm512_set1_ps(seen->high);
  __m512i least = _mm512_set1_epi32(-1);  // of twice the magnitude less one: zero is the greatest
  for (size_t i = 0; i < n; i += lanes) {
    const size_t rest = n - i < lanes ? n - i : lanes;
    const __mmask16 live = static_cast<__mmask16>((1u << rest) - 1);
    const __m512 v = _mm512_maskz_loadu_ps(live, x + i);
    const __m512i bits = _mm512_castps_si512(v);
    alignas(64) uint32_t at[lanes];
    _mm512_store_si512(at, _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(bits, 17), bins), lane));
    low = _mm512_mask_min_ps(low, live, low, v), high = _mm512_mask_max_ps(high, live, high, v);
    least = _mm512_min_epu32(least, _mm512_sub_epi32(_mm512_add_epi32(bits, bits), one));
    if (rest == lanes)
      for (size_t k = 0; k < lanes; ++k) ++counts[at[k]];
    else
      for (size_t k = 0; k < rest; ++k) ++counts[at[k]];
  }
  seen->low = _mm512_reduce_min_ps(low), seen->high = _mm512_reduce_max_ps(high);
  const uint32_t twice_less_one = _mm512_reduce_min_epu32(least);
  if (twice_less_one != 0xffffffffu && twice_less_one / 2 + 1 < seen->least) seen->least = twice_less_one / 2 + 1;
}

}  // namespace

extern const HistogramF32 histogram_f32_avx512;
const HistogramF32 histogram_f32_avx512 = {Isa::Avx512, count};

}  // namespace toucanet
