#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Repeats x multiples[i] times along axis i.
TOUCANET_OP(Tile);
}  // namespace toucanet
