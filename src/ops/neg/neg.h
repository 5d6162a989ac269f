#pragma once
#include "ir/graph.h"

namespace toucanet {
/// −x.
TOUCANET_OP(Neg);
}  // namespace toucanet
