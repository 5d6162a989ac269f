#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/isa.h"

namespace toucanet {

enum class BinaryF32 : uint8_t { Add, Sub, Mul, Div, SquaredDifference, Prelu };
enum class UnaryF32 : uint8_t { Clamp, LeakyRelu, HardSwish, Exp, Logistic, Tanh, Sqrt, Rsqrt, Abs, Neg, Square };

// z[i] = clamp(x[i·x_step] op y[i·y_step]), y[i] = op(x[i]) for i < n; steps are 0 or 1. The result may be an operand,
// and overlaps it in no other way. Nothing else is read or written, no alignment is needed.
// clamp(v) is v < low ? low : high < v ? high : v. Clamp takes its bounds from a and b, LeakyRelu its slope from a.
// exp, logistic and tanh are off by less than 3 units in the last place, and give NaN and infinities as <cmath> does;
// all else is exact, each operation rounded once. An element's result does not depend on where it stands.
// extremes: low and high of 0 and the numbers among x. steps: y[i] = x[i] · inverse, in float32, halves away from zero,
// plus zero_point, within [low, 127]; what is no number gives low.
// quantize: y[i] = x[i] / scale, halves away from zero, plus zero_point, within [low, high] as 8 bits; NaN gives 0.
struct ElementwiseF32 {
  Isa isa;
  void (*binary)(BinaryF32 op, size_t n, const float* x, size_t x_step, const float* y, size_t y_step, float* z, float low, float high);
  void (*unary)(UnaryF32 op, size_t n, const float* x, float* y, float a, float b);
  void (*quantize)(size_t n, const float* x, uint8_t* y, float scale, int32_t zero_point, int32_t low, int32_t high);
  void (*extremes)(size_t n, const float* x, float* low, float* high);
  void (*steps)(size_t n, const float* x, int8_t* y, float inverse, int32_t zero_point, int32_t low);
};

}  // namespace toucanet
