#pragma once
#include "ir/graph.h"

namespace toucanet {
/// log |Γ(x)|, element by element; infinite where x is 0 or a negative integer.
TOUCANET_OP(Lgamma);
}  // namespace toucanet
