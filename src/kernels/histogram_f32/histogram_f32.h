#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/isa.h"

namespace toucanet {

// Counts n values by their upper 13 bits (sign, exponent, four bits of the mantissa): counts[4·b] to counts[4·b + 3]
// together count those whose upper bits are b; counts has 4 · 8192 elements. Extremes join what stands in `seen`; where
// a value is NaN they mean nothing. The counts tell: NaN and infinities have b >> 4 of 255 or 511.
struct HistogramSeen {
  float low, high;
  uint32_t least;  // the bits of the least magnitude but zero; 0xffffffff: none
};
struct HistogramF32 {
  Isa isa;
  void (*count)(const float* x, size_t n, uint32_t* counts, HistogramSeen* seen);
};

}  // namespace toucanet
