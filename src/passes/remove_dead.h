#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Erases nodes that no output needs, and what only they needed. Graph inputs and effects stay. Returns how many.
size_t remove_dead(Graph&);
/// The same, starting from one node.
size_t remove_dead(Graph&, NodeId);
}  // namespace toucanet
