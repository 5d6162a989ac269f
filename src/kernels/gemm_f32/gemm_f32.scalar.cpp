#include "kernels/gemm_f32/gemm_f32.h"

namespace toucanet {
namespace {

constexpr size_t mr = 4, nr = 4;

float clamp(float x, float low, float high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

void run(size_t rows, size_t cols, size_t taps, size_t depth, const float* const* a, const float* w, float* c, size_t c_stride, float low, float high) {
  float sums[mr][nr];
  for (size_t m = 0; m < mr; ++m)
    for (size_t n = 0; n < nr; ++n) sums[m][n] = w[n];
  w += nr;
  for (size_t t = 0; t < taps; ++t, a += mr)
    for (size_t k = 0; k < depth; ++k, w += nr)
      for (size_t m = 0; m < mr; ++m)
        for (size_t n = 0; n < nr; ++n) sums[m][n] += a[m][k] * w[n];
  for (size_t m = 0; m < rows; ++m)
    for (size_t n = 0; n < cols; ++n) c[m * c_stride + n] = clamp(sums[m][n], low, high);
}

}  // namespace

extern const GemmF32 gemm_f32_scalar;
const GemmF32 gemm_f32_scalar = {Isa::Scalar, mr, nr, run};

}  // namespace toucanet
