#pragma once
#include "ir/graph.h"

namespace toucanet {
/// eˣ − 1, exact for small x. TensorFlow only.
TOUCANET_OP(Expm1);
}  // namespace toucanet
