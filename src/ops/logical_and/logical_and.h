#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x && y on booleans, broadcasting.
TOUCANET_OP(LogicalAnd);
}  // namespace toucanet
