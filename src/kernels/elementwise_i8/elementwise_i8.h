#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/isa.h"
#include "kernels/requant_i8.h"

namespace toucanet {

// A multiplier of kernels/requantize.h.
struct ScaleI8 {
  int32_t mantissa, exponent;
};

// z = (x − x_zero)·2^spare scaled by x, plus or minus the same of y, scaled by z: TFLite's ADD and SUB.
struct SumI8 {
  int32_t x_zero, y_zero, spare;
  bool minus;
  ScaleI8 x, y, z;
  RequantI8 requant;
};

// z = (x − x_zero)·(y − y_zero) scaled: TFLite's MUL.
struct ProductI8 {
  int32_t x_zero, y_zero;
  ScaleI8 z;
  RequantI8 requant;
};

// z[i] from x[i·x_step] and y[i·y_step] for i < n; steps are 0 or 1. The result may be an operand, and overlaps it in no
// other way. Nothing else is read or written, no alignment is needed. Every bit is TFLite's.
struct ElementwiseI8 {
  Isa isa;
  void (*sum)(const SumI8*, size_t n, const int8_t* x, size_t x_step, const int8_t* y, size_t y_step, int8_t* z);
  void (*product)(const ProductI8*, size_t n, const int8_t* x, size_t x_step, const int8_t* y, size_t y_step, int8_t* z);
};

}  // namespace toucanet
