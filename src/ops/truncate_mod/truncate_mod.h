#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The remainder with the dividend's sign, as in C. TensorFlow only.
TOUCANET_OP(TruncateMod);
}  // namespace toucanet
