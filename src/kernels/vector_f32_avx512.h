#pragma once
// Sixteen floats, for loops that are written once for every width; the unnamed namespace keeps them within the file.
#include <immintrin.h>
#include <stddef.h>

namespace toucanet {
namespace {

constexpr size_t lanes = 16;
using Vector = __m512;
using Mask = __mmask16;

inline Mask live_mask(size_t live) { return static_cast<Mask>((1u << live) - 1); }
inline Vector load(const float* x) { return _mm512_loadu_ps(x); }
inline Vector load(const float* x, Mask live) { return _mm512_maskz_loadu_ps(live, x); }
inline void store(float* y, Vector x) { _mm512_storeu_ps(y, x); }
inline void store(float* y, Mask live, Vector x) { _mm512_mask_storeu_ps(y, live, x); }
inline Vector everywhere(float x) { return _mm512_set1_ps(x); }
inline Vector multiply_add(Vector a, Vector b, Vector sum) { return _mm512_fmadd_ps(a, b, sum); }
// Of two operands, one NaN, the second is the result.
inline Vector clamp(Vector x, Vector low, Vector high) { return _mm512_min_ps(high, _mm512_max_ps(low, x)); }

}  // namespace
}  // namespace toucanet
