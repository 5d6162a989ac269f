#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The slices of x that the rows (last axis) of indices name.
TOUCANET_OP(GatherNd);
}  // namespace toucanet
