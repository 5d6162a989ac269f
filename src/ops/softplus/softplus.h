#pragma once
#include "ir/graph.h"

namespace toucanet {
/// log(eˣ + 1). TensorFlow only.
TOUCANET_OP(Softplus);
}  // namespace toucanet
