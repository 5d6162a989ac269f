#include <immintrin.h>

#include "kernels/elementwise_i8/elementwise_i8.h"
#include "kernels/rescale_avx2.h"

namespace toucanet {
namespace {

constexpr size_t lanes = 8;

Rescale rescale(ScaleI8 s, const RequantI8& q) {
  int32_t mantissas[lanes], exponents[lanes];
  for (size_t i = 0; i < lanes; ++i) mantissas[i] = s.mantissa, exponents[i] = s.exponent;
  return {mantissas, exponents, q};
}

// Less its zero point; step 0: the same number in every lane.
struct Operand {
  const int8_t* from;
  size_t step;
  __m256i zero, same;

  Operand(const int8_t* x, size_t x_step, int32_t zero_point)
      : from(x), step(x_step), zero(_mm256_set1_epi32(zero_point)), same(_mm256_set1_epi32(*x - zero_point)) {}
  __m256i operator()(size_t i, size_t live) const {
    if (!step) return same;
    __m128i bytes;
    if (live >= lanes) {
      bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from + i));
    } else {
      int8_t some[16] = {};
      for (size_t k = 0; k < live; ++k) some[k] = from[i + k];
      bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(some));
    }
    return _mm256_sub_epi32(_mm256_cvtepi8_epi32(bytes), zero);
  }
};

template <class F>
void for_lanes(size_t n, int8_t* z, F f) {
  for (size_t i = 0; i < n; i += lanes) {
    const size_t live = n - i < lanes ? n - i : lanes;
    const __m256i y = f(i, live);
    const __m128i bytes = as_bytes(y, y);
    if (live == lanes) _mm_storel_epi64(reinterpret_cast<__m128i*>(z + i), bytes);
    else store_bytes(z + i, live, bytes);
  }
}

void sum(const SumI8* by, size_t n, const int8_t* x, size_t x_step, const int8_t* y, size_t y_step, int8_t* z) {
  constexpr RequantI8 any = {0, INT32_MIN, INT32_MAX};
  const Rescale raise_x = rescale(by->x, any), raise_y = rescale(by->y, any), finish = rescale(by->z, by->requant);
  const Operand a(x, x_step, by->x_zero), b(y, y_step, by->y_zero);
  const __m128i spare = _mm_cvtsi32_si128(by->spare);
  const __m256i sign = _mm256_set1_epi32(by->minus ? -1 : 1);
  for_lanes(n, z, [&](size_t i, size_t live) {
    const __m256i p = raise_x(reinterpret_cast<Ints>(_mm256_sll_epi32(a(i, live), spare)));
    const __m256i q = raise_y(reinterpret_cast<Ints>(_mm256_sll_epi32(b(i, live), spare)));
    return finish(reinterpret_cast<Ints>(_mm256_add_epi32(p, _mm256_sign_epi32(q, sign))));
  });
}

void product(const ProductI8* by, size_t n, const int8_t* x, size_t x_step, const int8_t* y, size_t y_step, int8_t* z) {
  const Rescale finish = rescale(by->z, by->requant);
  const Operand a(x, x_step, by->x_zero), b(y, y_step, by->y_zero);
  for_lanes(n, z, [&](size_t i, size_t live) { return finish(reinterpret_cast<Ints>(_mm256_mullo_epi32(a(i, live), b(i, live)))); });
}

}  // namespace

extern const ElementwiseI8 elementwise_i8_avx2;
const ElementwiseI8 elementwise_i8_avx2 = {Isa::Avx2, sum, product};

}  // namespace toucanet
