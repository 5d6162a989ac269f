#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Inserts an axis of size 1 at `axis` (a scalar, may be negative).
TOUCANET_OP(ExpandDims);
}  // namespace toucanet
