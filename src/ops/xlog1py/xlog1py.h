#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x·log(1 + y), 0 where x is 0. TensorFlow only.
TOUCANET_OP(Xlog1py);
}  // namespace toucanet
