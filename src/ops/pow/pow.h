#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x to the power of y, element by element, broadcasting. Integers wrap and take no negative exponents.
TOUCANET_OP(Pow);
}  // namespace toucanet
