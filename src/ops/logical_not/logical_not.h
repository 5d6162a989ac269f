#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Not x, on booleans.
TOUCANET_OP(LogicalNot);
}  // namespace toucanet
