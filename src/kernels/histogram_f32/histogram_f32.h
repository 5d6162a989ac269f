#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/isa.h"

namespace toucanet {

// Of n values, joined with what stands here. low and high mean nothing where one is NaN.
struct HistogramSeen {
  float low, high;
  uint32_t least, most;  // the bits of the least magnitude but zero (0xffffffff: none), and of the greatest
};

// count() counts values by their upper 13 bits b (sign, exponent, four bits of the mantissa): counts[8·b] to
// counts[8·b + 7] count them together. NaN and infinities have b >> 4 of 255 or 511. counts has 8 · 8192 elements.
struct HistogramF32 {
  Isa isa;
  void (*look)(const float* x, size_t n, HistogramSeen* seen);
  void (*count)(const float* x, size_t n, uint32_t* counts);
};

}  // namespace toucanet
