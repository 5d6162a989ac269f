#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Pads the axes after the first with zeros and moves blocks of them into the batch.
TOUCANET_OP(SpaceToBatchNd);
}  // namespace toucanet
