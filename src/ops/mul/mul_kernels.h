#pragma once
#include "ops/quantized.h"
#include "runtime/kernel.h"

namespace toucanet::ops::mul {

/// Of a product of stored numbers, as the reference kernel computes it.
inline float factor(const Quant& x, const Quant& y, const Quant& z) { return x.scale[0] * y.scale[0] / z.scale[0]; }
extern const Kernel mul_i8;

}  // namespace toucanet::ops::mul
