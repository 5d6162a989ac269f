#pragma once
#include <optional>

#include "ir/graph.h"

namespace toucanet {

/// A bound on |x| for every finite input of the graph's integer inputs and constants, computed without rounding in
/// mind: with it x is neither NaN nor infinite. nullopt where none can be proven (float inputs have none).
std::optional<double> magnitude_bound(const Graph&, Value);

}  // namespace toucanet
