#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The real numbers that stored ones stand for: scale·(x − zero_point) of quantised integers, float16 widened.
TOUCANET_OP(Dequantize);
}  // namespace toucanet
