#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x broadcast to a shape.
TOUCANET_OP(BroadcastTo);
}  // namespace toucanet
