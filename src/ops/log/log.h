#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Natural logarithm.
TOUCANET_OP(Log);
}  // namespace toucanet
