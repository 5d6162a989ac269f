#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x / y rounded towards zero, on floats. TensorFlow only; on integers it is div.
TOUCANET_OP(TruncateDiv);
}  // namespace toucanet
