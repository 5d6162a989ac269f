#include <immintrin.h>
#include <stdint.h>

#include "kernels/bilinear_f32/bilinear_f32.h"

namespace toucanet {
namespace {

constexpr size_t lanes = 8;

__m256 between(__m256 a, __m256 b, __m256 weight) { return _mm256_add_ps(a, _mm256_mul_ps(_mm256_sub_ps(b, a), weight)); }

void run(size_t pixels, size_t channels, const float* top, const float* bottom, float weight, const int* low, const int* high, const float* weights, float* y) {
  const __m256 down = _mm256_set1_ps(weight);
  const __m256i numbers = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  for (size_t p = 0; p < pixels; ++p, y += channels) {
    const size_t left = static_cast<size_t>(low[p]) * channels, right = static_cast<size_t>(high[p]) * channels;
    const __m256 across = _mm256_set1_ps(weights[p]);
    for (size_t c = 0; c < channels; c += lanes) {
      const size_t rest = channels - c < lanes ? channels - c : lanes;
      const __m256i live = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int32_t>(rest)), numbers);
      const auto load = [&](const float* x) { return _mm256_maskload_ps(x + c, live); };
      const __m256 above = between(load(top + left), load(top + right), across);
      const __m256 below = between(load(bottom + left), load(bottom + right), across);
      _mm256_maskstore_ps(y + c, live, between(above, below, down));
    }
  }
}

}  // namespace

extern const BilinearF32 bilinear_f32_avx2;
const BilinearF32 bilinear_f32_avx2 = {Isa::Avx2, run};

}  // namespace toucanet
