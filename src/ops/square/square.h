#pragma once
#include "ir/graph.h"

namespace toucanet {
/// X².
TOUCANET_OP(Square);
}  // namespace toucanet
