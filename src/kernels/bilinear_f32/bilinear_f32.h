#pragma once

#include <stddef.h>

#include "kernels/isa.h"

namespace toucanet {

// One row of an image at another width: y[p][c] lies between top and bottom, two rows of `channels` floats a pixel, by
// `weight`; in each, between the pixels low[p] and high[p], by weights[p]. A value between a and b is a + (b − a)·weight,
// each operation rounded once. y holds pixels · channels floats. Nothing else is read or written.
struct BilinearF32 {
  Isa isa;
  void (*run)(size_t pixels, size_t channels, const float* top, const float* bottom, float weight, const int* low, const int* high, const float* weights,
              float* y);
};

}  // namespace toucanet
