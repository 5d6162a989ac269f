#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x clamped to 0 … 1; NaN stays NaN.
TOUCANET_OP(Relu0To1);
}  // namespace toucanet
