#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x xor y on the bits of integers, broadcasting.
TOUCANET_OP(BitwiseXor);
}  // namespace toucanet
