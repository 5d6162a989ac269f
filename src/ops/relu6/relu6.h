#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Min(max(x, 0), 6).
TOUCANET_OP(Relu6);
}  // namespace toucanet
