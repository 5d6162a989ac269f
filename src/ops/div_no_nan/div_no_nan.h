#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x / y, 0 where y is 0. TensorFlow only.
TOUCANET_OP(DivNoNan);
}  // namespace toucanet
