#pragma once
#include "ir/graph.h"

namespace toucanet {
/// 1/√x.
TOUCANET_OP(Rsqrt);
}  // namespace toucanet
