#pragma once
#include "ir/graph.h"

namespace toucanet {
/// 1.0507·x for x > 0, 1.7581·(eˣ − 1) otherwise. TensorFlow only.
TOUCANET_OP(Selu);
}  // namespace toucanet
