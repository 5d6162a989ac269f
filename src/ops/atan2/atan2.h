#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The angle of the point (x, y), element by element; operands (y, x).
TOUCANET_OP(Atan2);
}  // namespace toucanet
