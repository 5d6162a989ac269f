#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x == y, element by element, broadcasting; gives bool.
TOUCANET_OP(Equal);
}  // namespace toucanet
