#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x / y, 0 where x is 0. TensorFlow only.
TOUCANET_OP(Xdivy);
}  // namespace toucanet
