#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Hyperbolic tangent.
TOUCANET_OP(Tanh);
}  // namespace toucanet
