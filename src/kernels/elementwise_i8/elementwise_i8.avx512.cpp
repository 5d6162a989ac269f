#include <immintrin.h>

#include "kernels/elementwise_i8/elementwise_i8.h"
#include "kernels/rescale_avx512.h"

namespace toucanet {
namespace {

constexpr size_t lanes = 16;

Rescale rescale(ScaleI8 s, const RequantI8& q) {
  int32_t mantissas[lanes], exponents[lanes];
  for (size_t i = 0; i < lanes; ++i) mantissas[i] = s.mantissa, exponents[i] = s.exponent;
  return {mantissas, exponents, q};
}

// Less its zero point; step 0: the same number in every lane.
struct Operand {
  const int8_t* from;
  size_t step;
  __m512i zero, same;

  Operand(const int8_t* x, size_t x_step, int32_t zero_point)
      : from(x), step(x_step), zero(_mm512_set1_epi32(zero_point)), same(_mm512_set1_epi32(*x - zero_point)) {}
  __m512i operator()(size_t i, __mmask16 live) const {
    return step ? _mm512_sub_epi32(_mm512_cvtepi8_epi32(_mm_maskz_loadu_epi8(live, from + i)), zero) : same;
  }
};

template <class F>
void for_lanes(size_t n, int8_t* z, F f) {
  for (size_t i = 0; i < n; i += lanes) {
    const __mmask16 live = live_mask(n - i);
    _mm512_mask_cvtepi32_storeu_epi8(z + i, live, f(i, live));
  }
}

void sum(const SumI8* by, size_t n, const int8_t* x, size_t x_step, const int8_t* y, size_t y_step, int8_t* z) {
  constexpr RequantI8 any = {0, INT32_MIN, INT32_MAX};
  const Rescale raise_x = rescale(by->x, any), raise_y = rescale(by->y, any), finish = rescale(by->z, by->requant);
  const Operand a(x, x_step, by->x_zero), b(y, y_step, by->y_zero);
  const __m128i spare = _mm_cvtsi32_si128(by->spare);
  const __mmask16 minus = by->minus ? 0xFFFF : 0;
  for_lanes(n, z, [&](size_t i, __mmask16 live) {
    const __m512i p = raise_x(reinterpret_cast<Ints>(_mm512_sll_epi32(a(i, live), spare)));
    const __m512i q = raise_y(reinterpret_cast<Ints>(_mm512_sll_epi32(b(i, live), spare)));
    return finish(reinterpret_cast<Ints>(_mm512_add_epi32(p, _mm512_mask_sub_epi32(q, minus, _mm512_setzero_si512(), q))));
  });
}

void product(const ProductI8* by, size_t n, const int8_t* x, size_t x_step, const int8_t* y, size_t y_step, int8_t* z) {
  const Rescale finish = rescale(by->z, by->requant);
  const Operand a(x, x_step, by->x_zero), b(y, y_step, by->y_zero);
  for_lanes(n, z, [&](size_t i, __mmask16 live) { return finish(reinterpret_cast<Ints>(_mm512_mullo_epi32(a(i, live), b(i, live)))); });
}

}  // namespace

extern const ElementwiseI8 elementwise_i8_avx512;
const ElementwiseI8 elementwise_i8_avx512 = {Isa::Avx512, sum, product};

}  // namespace toucanet
