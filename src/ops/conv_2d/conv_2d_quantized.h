#pragma once
#include "runtime/eval_context.h"

namespace toucanet::ops::conv_2d {
/// Activations int8, uint8 or int16 with 8-bit filters; float32 with quantised filters (hybrid).
Status eval_quantized(EvalContext&);
}  // namespace toucanet::ops::conv_2d
