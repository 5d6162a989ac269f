#pragma once
#include "ir/graph.h"

namespace toucanet {
/// A tensor of zeros and of the given shape to which updates are added at the rows (last axis) of indices.
TOUCANET_OP(ScatterNd);
}  // namespace toucanet
