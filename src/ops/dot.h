#pragma once
#include <cstddef>

namespace toucanet {

/// Σ x[i]·y[i] in sixteen partial sums, so that compilers can use vectors.
inline float dot(const float* x, const float* y, size_t n) {
  float part[16] = {};
  size_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (size_t k = 0; k < 16; ++k) part[k] += x[i + k] * y[i + k];
  float s = 0;
  for (; i < n; ++i) s += x[i] * y[i];
  for (size_t k = 0; k < 8; ++k) part[k] += part[k + 8];
  for (size_t k = 0; k < 4; ++k) part[k] += part[k + 4];
  return s + ((part[0] + part[2]) + (part[1] + part[3]));
}

}  // namespace toucanet
