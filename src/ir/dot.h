#pragma once
#include <string>

#include "ir/graph.h"

namespace toucanet {
/// Graphviz: operators are boxes, constants cylinders, inputs and outputs houses; edges are as wide as log₂ of their bytes.
std::string dot(const Module&);
}  // namespace toucanet
