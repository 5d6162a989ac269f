#pragma once

#include <immintrin.h>
#include <stddef.h>

#include "kernels/requant_i8.h"

// For files compiled for AVX2 only; the unnamed namespace keeps what is inline within each of them.

namespace toucanet {
namespace {

// Sums in the type that the instructions take: as __m256i, which has 64-bit lanes, GCC keeps arrays of them in memory.
using Ints = int32_t __attribute__((vector_size(32)));

// TFLite's two roundings (kernels/requantize.h) and the output's range, for the channels of one vector.
struct Rescale {
  __m256i mantissa, left, right, rest, zero_point, low, high;

  Rescale(const int32_t* mantissas, const int32_t* exponents, const RequantI8& q) {
    const __m256i zero = _mm256_setzero_si256(), exponent = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(exponents));
    mantissa = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(mantissas));
    left = _mm256_max_epi32(exponent, zero);
    right = _mm256_max_epi32(_mm256_sub_epi32(zero, exponent), zero);
    rest = _mm256_sub_epi32(_mm256_sllv_epi32(_mm256_set1_epi32(1), right), _mm256_set1_epi32(1));
    zero_point = _mm256_set1_epi32(q.zero_point);
    low = _mm256_set1_epi32(q.low);
    high = _mm256_set1_epi32(q.high);
  }

  __m256i operator()(Ints sums) const {
    const __m256i x = _mm256_sllv_epi32(reinterpret_cast<__m256i>(sums), left), half = _mm256_set1_epi64x(1 << 30);
    const __m256i even = _mm256_add_epi64(_mm256_mul_epi32(x, mantissa), half);
    const __m256i odd = _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(x, 32), _mm256_srli_epi64(mantissa, 32)), half);
    const __m256i product = _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_slli_epi64(odd, 1), 0xAA);
    // Up, where what is shifted out is more than half, or is half of a number that is not negative.
    const __m256i threshold = _mm256_sub_epi32(_mm256_srli_epi32(rest, 1), _mm256_srai_epi32(product, 31));
    const __m256i up = _mm256_cmpgt_epi32(_mm256_and_si256(product, rest), threshold);
    const __m256i y = _mm256_add_epi32(_mm256_sub_epi32(_mm256_srav_epi32(product, right), up), zero_point);
    return _mm256_min_epi32(_mm256_max_epi32(y, low), high);
  }
};

// Two vectors of numbers that fit, as bytes.
inline __m128i as_bytes(__m256i first, __m256i second) {
  const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(first, second), 0xD8);
  return _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}

// The first `live` of 16 bytes.
inline void store_bytes(int8_t* to, size_t live, __m128i bytes) {
  if (live >= 16) return _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  int8_t all[16];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(all), bytes);
  for (size_t i = 0; i < live; ++i) to[i] = all[i];
}

}  // namespace
}  // namespace toucanet
