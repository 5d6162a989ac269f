#pragma once
#include "ir/graph.h"

namespace toucanet {
/// |x| of complex x, element by element.
TOUCANET_OP(ComplexAbs);
}  // namespace toucanet
