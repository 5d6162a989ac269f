#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Zeros of x's type and shape.
TOUCANET_OP(ZerosLike);
}  // namespace toucanet
