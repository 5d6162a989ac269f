#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Cosine.
TOUCANET_OP(Cos);
}  // namespace toucanet
