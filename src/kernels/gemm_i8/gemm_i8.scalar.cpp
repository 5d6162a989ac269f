#include "kernels/gemm_i8/gemm_i8.h"
#include "kernels/requantize.h"

namespace toucanet {
namespace {

constexpr size_t mr = 4, nr = 4;

// Leaves w behind the weights.
const int8_t* accumulate(size_t taps, size_t depth, const int8_t* const* a, const void* panel, uint32_t (&sums)[mr][nr]) {
  const auto* bias = static_cast<const int32_t*>(panel);
  for (auto& row : sums)
    for (size_t n = 0; n < nr; ++n) row[n] = static_cast<uint32_t>(bias[n]);
  const auto* w = static_cast<const int8_t*>(panel) + nr * sizeof(int32_t);
  for (size_t t = 0; t < taps; ++t, a += mr)
    for (size_t k = 0; k < depth; ++k, w += nr)
      for (size_t m = 0; m < mr; ++m)
        for (size_t n = 0; n < nr; ++n) sums[m][n] += static_cast<uint32_t>(a[m][k] * w[n]);
  return w;
}

void run(size_t rows, size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int8_t* c, size_t c_stride, const RequantI8* q) {
  uint32_t sums[mr][nr];
  const auto* mantissas = reinterpret_cast<const int32_t*>(accumulate(taps, depth, a, w, sums));
  for (size_t m = 0; m < rows; ++m)
    for (size_t n = 0; n < cols; ++n) {
      const int32_t y = multiply_by_quantized_multiplier(static_cast<int32_t>(sums[m][n]), {mantissas[n], mantissas[nr + n]});
      c[m * c_stride + n] = requantized_i8(y, *q);
    }
}

void run_acc(size_t rows, size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int32_t* c, size_t c_stride) {
  uint32_t sums[mr][nr];
  accumulate(taps, depth, a, w, sums);
  for (size_t m = 0; m < rows; ++m)
    for (size_t n = 0; n < cols; ++n) c[m * c_stride + n] = static_cast<int32_t>(sums[m][n]);
}

}  // namespace

extern const GemmI8 gemm_i8_scalar;
const GemmI8 gemm_i8_scalar = {Isa::Scalar, mr, nr, 1, false, run, run_acc, nullptr};

}  // namespace toucanet
