#pragma once

#include <immintrin.h>
#include <stddef.h>

#include "kernels/requant_i8.h"

// For files compiled for AVX-512 only; the unnamed namespace keeps what is inline within each of them.

namespace toucanet {
namespace {

// Sums in the type that the instructions take: as __m512i, which has 64-bit lanes, GCC keeps arrays of them in memory.
using Ints = int32_t __attribute__((vector_size(64)));

// The first of 16 lanes.
inline __mmask16 live_mask(size_t live) { return static_cast<__mmask16>(live >= 16 ? 0xFFFF : (1u << live) - 1); }

// TFLite's two roundings (kernels/requantize.h) and the output's range, for the channels of one vector.
struct Rescale {
  __m512i mantissa, left, right, rest, zero_point, low, high;

  Rescale(const int32_t* mantissas, const int32_t* exponents, const RequantI8& q) {
    const __m512i zero = _mm512_setzero_si512(), exponent = _mm512_loadu_si512(exponents);
    mantissa = _mm512_loadu_si512(mantissas);
    left = _mm512_max_epi32(exponent, zero);
    right = _mm512_max_epi32(_mm512_sub_epi32(zero, exponent), zero);
    rest = _mm512_sub_epi32(_mm512_sllv_epi32(_mm512_set1_epi32(1), right), _mm512_set1_epi32(1));
    zero_point = _mm512_set1_epi32(q.zero_point);
    low = _mm512_set1_epi32(q.low);
    high = _mm512_set1_epi32(q.high);
  }

  __m512i operator()(Ints sums) const {
    const __m512i x = _mm512_sllv_epi32(reinterpret_cast<__m512i>(sums), left), half = _mm512_set1_epi64(1 << 30);
    const __m512i even = _mm512_add_epi64(_mm512_mul_epi32(x, mantissa), half);
    const __m512i odd = _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(x, 32), _mm512_srli_epi64(mantissa, 32)), half);
    const __m512i product = _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even, 31), _mm512_slli_epi64(odd, 1));
    // Up, where what is shifted out is more than half, or is half of a number that is not negative.
    const __m512i threshold = _mm512_sub_epi32(_mm512_srli_epi32(rest, 1), _mm512_srai_epi32(product, 31));
    const __mmask16 up = _mm512_cmpgt_epi32_mask(_mm512_and_si512(product, rest), threshold);
    const __m512i down = _mm512_srav_epi32(product, right);
    const __m512i y = _mm512_add_epi32(_mm512_mask_add_epi32(down, up, down, _mm512_set1_epi32(1)), zero_point);
    return _mm512_min_epi32(_mm512_max_epi32(y, low), high);
  }
};

}  // namespace
}  // namespace toucanet
