#pragma once
#include "ir/graph.h"

namespace toucanet {
/// ⌊x / y⌋, element by element, broadcasting; integers wrap.
TOUCANET_OP(FloorDiv);
}  // namespace toucanet
