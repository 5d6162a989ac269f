#include <string.h>

#include "kernels/histogram_f32/histogram_f32.h"

namespace toucanet {
namespace {

void count(const float* x, size_t n, uint32_t* counts, HistogramSeen* seen) {
  HistogramSeen s = *seen;
  for (size_t i = 0; i < n; ++i) {
    uint32_t bits;
    memcpy(&bits, x + i, 4);
    ++counts[(bits >> 19 << 2) | (i & 3)];
    s.low = x[i] < s.low ? x[i] : s.low;
    s.high = x[i] > s.high ? x[i] : s.high;
    const uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude && magnitude < s.least) s.least = magnitude;
  }
  *seen = s;
}

}  // namespace

extern const HistogramF32 histogram_f32_scalar;
const HistogramF32 histogram_f32_scalar = {Isa::Scalar, count};

}  // namespace toucanet
