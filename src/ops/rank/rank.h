#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The number of dimensions of x, an i32 scalar.
TOUCANET_OP(Rank);
}  // namespace toucanet
