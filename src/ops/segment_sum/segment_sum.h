#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Sums of the rows of data that share an id; ids ascend, missing ones give 0.
TOUCANET_OP(SegmentSum);
}  // namespace toucanet
