#pragma once

#include "kernels/bilinear_i8/bilinear_i8.h"
#include "kernels/independent.h"

// A loop that the compiler makes vectors of, with the instructions of the file that includes this; the unnamed namespace
// keeps it within it.

namespace toucanet {
namespace {

void run(size_t pixels, size_t channels, const int8_t* top, const int8_t* bottom, int32_t weight, const int* low, const int* high, const int32_t* weights,
         int8_t* y) {
  for (size_t p = 0; p < pixels; ++p, y += channels) {
    const size_t left = static_cast<size_t>(low[p]) * channels, right = static_cast<size_t>(high[p]) * channels;
    const int8_t *a = top + left, *b = top + right, *c = bottom + left, *d = bottom + right;
    const int32_t of_right = weights[p], of_left = 1024 - of_right;
    const int32_t wa = of_left * (1024 - weight), wb = of_right * (1024 - weight), wc = of_left * weight, wd = of_right * weight;
    TOUCANET_INDEPENDENT
    for (size_t i = 0; i < channels; ++i) {
      const int32_t sum = a[i] * wa + b[i] * wb + c[i] * wc + d[i] * wd;
      const int32_t size = ((sum > 0 ? sum : -sum) + (1 << 19)) >> 20;
      y[i] = static_cast<int8_t>(sum > 0 ? size : -size);
    }
  }
}

}  // namespace
}  // namespace toucanet
