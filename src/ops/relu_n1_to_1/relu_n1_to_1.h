#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Min(max(x, −1), 1).
TOUCANET_OP(ReluN1To1);
}  // namespace toucanet
