#pragma once
#include "ir/graph.h"

namespace toucanet {
/// X·min(max(x + 3, 0), 6)/6.
TOUCANET_OP(HardSwish);
}  // namespace toucanet
