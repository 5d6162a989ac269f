#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x·log(y), 0 where x is 0. TensorFlow only.
TOUCANET_OP(Xlogy);
}  // namespace toucanet
