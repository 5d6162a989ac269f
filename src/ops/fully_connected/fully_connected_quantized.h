#pragma once
#include "ops/accumulate.h"

namespace toucanet::ops::fully_connected {
/// Of x, weights and bias (nullptr: none) to y. One scale is multiplied in float32, several in double.
Expected<Accumulation> product_accumulation(const OpDef&, const Tensor& x, const Tensor& w, const Tensor* bias, const Tensor& y, Activation);
Status eval_quantized(EvalContext&);
}  // namespace toucanet::ops::fully_connected
