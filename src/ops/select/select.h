#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Elements of x where the condition holds, of y elsewhere. The condition has their shape, or is a scalar, or a vector over the first axis.
TOUCANET_OP(Select);
}  // namespace toucanet
