#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Gives the variable a value.
TOUCANET_OP(AssignVariable);
}  // namespace toucanet
