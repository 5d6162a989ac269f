#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Sum of any number of tensors of one shape.
TOUCANET_OP(AddN);
}  // namespace toucanet
