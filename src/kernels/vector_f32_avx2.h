#pragma once
// Eight floats, for loops that are written once for every width; the unnamed namespace keeps them within the file.
#include <immintrin.h>
#include <stddef.h>

namespace toucanet {
namespace {

constexpr size_t lanes = 8;
using Vector = __m256;
using Mask = __m256i;

inline Mask live_mask(size_t live) { return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(live)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)); }
inline Vector load(const float* x) { return _mm256_loadu_ps(x); }
inline Vector load(const float* x, Mask live) { return _mm256_maskload_ps(x, live); }
inline void store(float* y, Vector x) { _mm256_storeu_ps(y, x); }
inline void store(float* y, Mask live, Vector x) { _mm256_maskstore_ps(y, live, x); }
inline Vector everywhere(float x) { return _mm256_set1_ps(x); }
inline Vector multiply_add(Vector a, Vector b, Vector sum) { return _mm256_fmadd_ps(a, b, sum); }
// Of two operands, one NaN, the second is the result.
inline Vector clamp(Vector x, Vector low, Vector high) { return _mm256_min_ps(high, _mm256_max_ps(low, x)); }

}  // namespace
}  // namespace toucanet
