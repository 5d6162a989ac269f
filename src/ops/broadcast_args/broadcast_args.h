#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The shape to which tensors of two shapes broadcast.
TOUCANET_OP(BroadcastArgs);
}  // namespace toucanet
