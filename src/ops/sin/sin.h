#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Sine.
TOUCANET_OP(Sin);
}  // namespace toucanet
