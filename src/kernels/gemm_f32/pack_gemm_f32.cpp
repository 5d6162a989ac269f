#include "kernels/gemm_f32/pack_gemm_f32.h"

#include <algorithm>

namespace toucanet {
namespace {

void pack(const GemmF32& kernel, size_t n, size_t rows, const float* filter, size_t column_stride, size_t row_stride, const float* bias, float* out) {
  for (size_t first = 0; first < n; first += kernel.nr) {
    const size_t cols = std::min<size_t>(kernel.nr, n - first);
    for (size_t i = 0; i < kernel.nr; ++i) *out++ = bias && i < cols ? bias[first + i] : 0.0f;
    for (size_t r = 0; r < rows; ++r) {
      const float* from = filter + first * column_stride + r * row_stride;
      for (size_t i = 0; i < cols; ++i) *out++ = from[i * column_stride];
      for (size_t i = cols; i < kernel.nr; ++i) *out++ = 0.0f;
    }
  }
}

}  // namespace

size_t gemm_f32_panel_floats(const GemmF32& kernel, size_t taps, size_t depth) { return kernel.nr * (1 + taps * depth); }

size_t gemm_f32_packed_bytes(const GemmF32& kernel, size_t n, size_t taps, size_t depth) {
  return (n + kernel.nr - 1) / kernel.nr * gemm_f32_panel_floats(kernel, taps, depth) * sizeof(float);
}

void pack_gemm_f32(const GemmF32& kernel, size_t n, size_t taps, size_t depth, const float* filter, const float* bias, float* packed) {
  pack(kernel, n, taps * depth, filter, taps * depth, 1, bias, packed);
}

void pack_gemm_f32_right(const GemmF32& kernel, size_t n, size_t depth, const float* matrix, const float* bias, float* packed) {
  pack(kernel, n, depth, matrix, 1, n, bias, packed);
}

}  // namespace toucanet
