#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The same elements under another shape; one −1 in `shape` is computed.
TOUCANET_OP(Reshape);
}  // namespace toucanet
