#pragma once
#include "runtime/eval_context.h"

namespace toucanet::ops::softmax {
/// int8 to int8 or int16, uint8, int16.
Status eval_quantized(EvalContext&);
}  // namespace toucanet::ops::softmax
