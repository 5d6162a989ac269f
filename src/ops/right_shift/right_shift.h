#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x shifted right by y bits, broadcasting: arithmetically where signed; y is clamped to 0 … bits − 1.
TOUCANET_OP(RightShift);
}  // namespace toucanet
