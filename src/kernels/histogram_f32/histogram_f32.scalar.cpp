#include <string.h>

#include "kernels/histogram_f32/histogram_f32.h"

namespace toucanet {
namespace {

uint32_t bits_of(const float* x) {
  uint32_t bits;
  memcpy(&bits, x, 4);
  return bits;
}

void look(const float* x, size_t n, HistogramSeen* seen) {
  HistogramSeen s = *seen;
  for (size_t i = 0; i < n; ++i) {
    s.low = x[i] < s.low ? x[i] : s.low;
    s.high = x[i] > s.high ? x[i] : s.high;
    const uint32_t magnitude = bits_of(x + i) & 0x7fffffffu;
    if (magnitude && magnitude < s.least) s.least = magnitude;
    s.most = magnitude > s.most ? magnitude : s.most;
  }
  *seen = s;
}

void count(const float* x, size_t n, uint32_t* counts) {
  for (size_t i = 0; i < n; ++i) ++counts[(bits_of(x + i) >> 19 << 3) | (i & 7)];
}

}  // namespace

extern const HistogramF32 histogram_f32_scalar;
const HistogramF32 histogram_f32_scalar = {Isa::Scalar, look, count};

}  // namespace toucanet
