#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/isa.h"

namespace toucanet {

// How a sum times its channel's multiplier becomes an integer.
enum class SumRounding : uint8_t {
  Twice,   // multiply_by_quantized_multiplier of kernels/requantize.h
  Once,    // sum · mantissa / 2^(31 − exponent), nearest, ties upwards; exponent ≤ 30
  Wide,    // multiply_by_quantized_multiplier_64
  ToEven,  // float(sum) · scale, ties to even: XNNPACK
};

// What belongs to the channels of a result. Mantissas are ≥ 0, exponents ≥ −31.
struct FinishInteger {
  SumRounding rounding;
  const int32_t *mantissas, *exponents;  // unless ToEven
  const float* scales;                   // ToEven
  const int64_t* bias;
  int32_t zero_point, low, high;
};

// From sums of products (GemmI8's run_acc, DepthwiseSums) to n neighbouring results; nothing else is read or written.
// to_f32: y[i] = clamp(float(sums[i] − zero_point · weights[i]) · (row_scale · scales[i]) + bias[i]), each operation
//   rounded once; clamp(v) is v < low ? low : high < v ? high : v. The difference wraps at 32 bits.
// to_i8, to_i16, halves_to_i16: the sum sums[i] + bias[i], or 256 · upper[i] + lower[i] + bias[i], rescaled, plus the zero
//   point, within [low, high]. Sums wrap at 32 bits unless Wide.
// split: x[i] = 256 · upper[i] + lower[i] + 128.
struct FinishSums {
  Isa isa;
  void (*to_f32)(size_t n, const int32_t* sums, int32_t zero_point, const int32_t* weights, float row_scale, const float* scales, const float* bias, float low,
                 float high, float* y);
  void (*to_i8)(size_t n, const int32_t* sums, const FinishInteger& f, int8_t* y);
  void (*to_i16)(size_t n, const int32_t* sums, const FinishInteger& f, int16_t* y);
  void (*halves_to_i16)(size_t n, const int32_t* upper, const int32_t* lower, const FinishInteger& f, int16_t* y);
  void (*split)(size_t n, const int16_t* x, int8_t* upper, int8_t* lower);
};

}  // namespace toucanet
