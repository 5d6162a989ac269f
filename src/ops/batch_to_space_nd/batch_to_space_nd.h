#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Moves blocks of the batch into the axes after the first and crops them: the inverse of space_to_batch_nd.
TOUCANET_OP(BatchToSpaceNd);
}  // namespace toucanet
