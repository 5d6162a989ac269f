#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Nodes that compute the same from the same operands become one; constants likewise, by content. Returns how many went.
size_t merge_duplicates(Graph&);
}  // namespace toucanet
