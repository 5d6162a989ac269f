#pragma once
#include "ir/graph.h"

namespace toucanet {
/// −1, 0 or 1; NaN stays NaN.
TOUCANET_OP(Sign);
}  // namespace toucanet
