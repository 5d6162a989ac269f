#include <immintrin.h>

#include "kernels/bilinear_f32/bilinear_f32.h"

namespace toucanet {
namespace {

constexpr size_t lanes = 16;

__m512 between(__m512 a, __m512 b, __m512 weight) { return _mm512_add_ps(a, _mm512_mul_ps(_mm512_sub_ps(b, a), weight)); }

void run(size_t pixels, size_t channels, const float* top, const float* bottom, float weight, const int* low, const int* high, const float* weights, float* y) {
  const __m512 down = _mm512_set1_ps(weight);
  for (size_t p = 0; p < pixels; ++p, y += channels) {
    const size_t left = static_cast<size_t>(low[p]) * channels, right = static_cast<size_t>(high[p]) * channels;
    const __m512 across = _mm512_set1_ps(weights[p]);
    for (size_t c = 0; c < channels; c += lanes) {
      const __mmask16 live = static_cast<__mmask16>(channels - c >= lanes ? 0xFFFF : (1u << (channels - c)) - 1);
      const auto load = [&](const float* x) { return _mm512_maskz_loadu_ps(live, x + c); };
      const __m512 above = between(load(top + left), load(top + right), across);
      const __m512 below = between(load(bottom + left), load(bottom + right), across);
      _mm512_mask_storeu_ps(y + c, live, between(above, below, down));
    }
  }
}

}  // namespace

extern const BilinearF32 bilinear_f32_avx512;
const BilinearF32 bilinear_f32_avx512 = {Isa::Avx512, run};

}  // namespace toucanet
