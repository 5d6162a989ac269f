#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The real part of x, element by element.
TOUCANET_OP(Real);
}  // namespace toucanet
