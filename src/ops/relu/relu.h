#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Max(x, 0); NaN stays NaN.
TOUCANET_OP(Relu);
}  // namespace toucanet
