#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x − y·⌊x / y⌋, element by element, broadcasting: the divisor's sign.
TOUCANET_OP(FloorMod);
}  // namespace toucanet
