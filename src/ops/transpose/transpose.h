#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Permutes axes: axis i of the result is axis perm[i] of x.
TOUCANET_OP(Transpose);
}  // namespace toucanet
