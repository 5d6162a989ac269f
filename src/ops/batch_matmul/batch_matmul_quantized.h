#pragma once
#include "runtime/eval_context.h"

namespace toucanet::ops::batch_matmul {
/// int8, int16, and float32 by constant int8 (hybrid).
Status eval_quantized(EvalContext&);
}  // namespace toucanet::ops::batch_matmul
