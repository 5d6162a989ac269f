#pragma once
#include "ops/accumulate.h"

namespace toucanet::ops::fully_connected {
/// Of x, weights and bias (nullptr: none) to y. One scale is multiplied in float32, several in double.
Expected<Accumulation> product_accumulation(const OpDef&, const Tensor& x, const Tensor& w, const Tensor* bias, const Tensor& y, Activation, Rounding);
/// Whether the product with the multiplier is rounded once: int8, uint8 with results of 8 bits, and int16 without a 32-bit bias.
bool rounds_once(const Tensor& x, const Tensor& w, const Tensor* bias);
/// The stored result of unit `unit` then; sums of int16 are of 64 bits.
int32_t rounded_once(const Accumulation&, int64_t sum, int64_t unit);

Status eval_quantized(EvalContext&);
}  // namespace toucanet::ops::fully_connected
