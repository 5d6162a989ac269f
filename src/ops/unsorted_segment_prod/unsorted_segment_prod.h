#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Products of the rows of data that share an id; negative ids are passed over.
TOUCANET_OP(UnsortedSegmentProd);
}  // namespace toucanet
