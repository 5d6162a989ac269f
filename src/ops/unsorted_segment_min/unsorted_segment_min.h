#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Minima of the rows of data that share an id; negative ids are passed over.
TOUCANET_OP(UnsortedSegmentMin);
}  // namespace toucanet
