#pragma once
#include "ir/graph.h"

namespace toucanet {
/// (x − y)², element by element, broadcasting; integers wrap.
TOUCANET_OP(SquaredDifference);
}  // namespace toucanet
