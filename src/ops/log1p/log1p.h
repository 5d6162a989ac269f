#pragma once
#include "ir/graph.h"

namespace toucanet {
/// log(1 + x), exact for small x. TensorFlow only.
TOUCANET_OP(Log1p);
}  // namespace toucanet
