#include "kernels/elementwise_i8/elementwise_i8.h"
#include "kernels/requantize.h"

namespace toucanet {
namespace {

FixedMultiplier multiplier(ScaleI8 s) { return {s.mantissa, s.exponent}; }

void sum(const SumI8* by, size_t n, const int8_t* x, size_t x_step, const int8_t* y, size_t y_step, int8_t* z) {
  for (size_t i = 0; i < n; ++i) {
    const int32_t a = multiply_by_quantized_multiplier((x[i * x_step] - by->x_zero) * (1 << by->spare), multiplier(by->x));
    const int32_t b = multiply_by_quantized_multiplier((y[i * y_step] - by->y_zero) * (1 << by->spare), multiplier(by->y));
    z[i] = requantized_i8(multiply_by_quantized_multiplier(by->minus ? a - b : a + b, multiplier(by->z)), by->requant);
  }
}

void product(const ProductI8* by, size_t n, const int8_t* x, size_t x_step, const int8_t* y, size_t y_step, int8_t* z) {
  for (size_t i = 0; i < n; ++i)
    z[i] = requantized_i8(multiply_by_quantized_multiplier((x[i * x_step] - by->x_zero) * (y[i * y_step] - by->y_zero), multiplier(by->z)), by->requant);
}

}  // namespace

extern const ElementwiseI8 elementwise_i8_scalar;
const ElementwiseI8 elementwise_i8_scalar = {Isa::Scalar, sum, product};

}  // namespace toucanet
