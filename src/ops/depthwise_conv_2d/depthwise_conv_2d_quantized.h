#pragma once
#include "runtime/eval_context.h"

namespace toucanet::ops::depthwise_conv_2d {
Status eval_quantized(EvalContext&);
}  // namespace toucanet::ops::depthwise_conv_2d
