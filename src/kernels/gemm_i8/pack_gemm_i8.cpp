#include "kernels/gemm_i8/pack_gemm_i8.h"

#include <algorithm>
#include <cstring>

namespace toucanet {
namespace {

// Sums wrap as the accumulators do.
uint32_t folded_bias(const int8_t* weights, size_t count, int32_t zero_point) {
  uint32_t sum = 0;
  for (size_t i = 0; i < count; ++i) sum += static_cast<uint32_t>(weights[i]);
  return sum * static_cast<uint32_t>(-zero_point);
}

void pack_column(const GemmI8& kernel, size_t column, size_t taps, size_t depth, const int8_t* filter, int8_t* weights) {
  const size_t groups = (depth + kernel.kr - 1) / kernel.kr;
  for (size_t t = 0; t < taps; ++t)
    for (size_t k = 0; k < depth; ++k) {
      const size_t group = t * groups + k / kernel.kr;
      weights[(group * kernel.nr + column) * kernel.kr + k % kernel.kr] = filter[t * depth + k];
    }
}

}  // namespace

size_t gemm_i8_panel_bytes(const GemmI8& kernel, size_t taps, size_t depth) {
  const size_t padded = (depth + kernel.kr - 1) / kernel.kr * kernel.kr;
  return kernel.nr * (3 * sizeof(int32_t) + taps * padded);
}

size_t gemm_i8_packed_bytes(const GemmI8& kernel, size_t n, size_t taps, size_t depth) {
  return (n + kernel.nr - 1) / kernel.nr * gemm_i8_panel_bytes(kernel, taps, depth);
}

void pack_gemm_i8(const GemmI8& kernel, size_t n, size_t taps, size_t depth, const int8_t* filter, const int32_t* bias, int32_t input_zero_point,
                  const FixedMultiplier* multipliers, void* packed) {
  std::memset(packed, 0, gemm_i8_packed_bytes(kernel, n, taps, depth));
  const size_t panel = gemm_i8_panel_bytes(kernel, taps, depth);
  const int32_t zero_point = input_zero_point + (kernel.unsigned_a ? 128 : 0);
  for (size_t i = 0; i < n; ++i) {
    int8_t* out = static_cast<int8_t*>(packed) + i / kernel.nr * panel;
    const size_t column = i % kernel.nr;
    const int8_t* from = filter + i * taps * depth;
    pack_column(kernel, column, taps, depth, from, out + kernel.nr * sizeof(int32_t));
    const uint32_t sum = static_cast<uint32_t>(bias ? bias[i] : 0) + folded_bias(from, taps * depth, zero_point);
    std::memcpy(out + column * sizeof(int32_t), &sum, sizeof sum);
    if (!multipliers) continue;
    int8_t* tail = out + panel - 2 * kernel.nr * sizeof(int32_t);
    std::memcpy(tail + column * sizeof(int32_t), &multipliers[i].mantissa, sizeof(int32_t));
    std::memcpy(tail + (kernel.nr + column) * sizeof(int32_t), &multipliers[i].exponent, sizeof(int32_t));
  }
}

}  // namespace toucanet
