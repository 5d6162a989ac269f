#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/isa.h"

namespace toucanet {

// One row of an image at another width, as bilinear_f32 on int8: weights count 1024ths and lie within ±1536; the sum is
// divided by 2^20, halves away from zero.
struct BilinearI8 {
  Isa isa;
  void (*run)(size_t pixels, size_t channels, const int8_t* top, const int8_t* bottom, int32_t weight, const int* low, const int* high, const int32_t* weights,
              int8_t* y);
};

}  // namespace toucanet
