#pragma once
#include "runtime/eval_context.h"

namespace toucanet::ops::transpose_conv {
/// int8, uint8 and int16 with 8-bit filters.
Status eval_quantized(EvalContext&);
}  // namespace toucanet::ops::transpose_conv
