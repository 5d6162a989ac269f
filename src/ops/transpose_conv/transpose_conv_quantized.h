#pragma once
#include "runtime/eval_context.h"

namespace toucanet::ops::transpose_conv {
/// int8, uint8 and int16 with 8-bit filters, float32 with filters of int8.
Status eval_quantized(EvalContext&);
}  // namespace toucanet::ops::transpose_conv
