#pragma once
#include "ir/graph.h"

namespace toucanet {

/// Evaluates a pure node on constant operands under TensorFlow's semantics, or turns wholly known integers into a
/// constant. True if the node was replaced. `budget` is what folding may still add, in bytes.
bool fold_constants(Graph&, NodeId, size_t& budget, std::vector<NodeId>& touched);

}  // namespace toucanet
