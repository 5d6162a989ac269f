#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The smallest integer not below x.
TOUCANET_OP(Ceil);
}  // namespace toucanet
