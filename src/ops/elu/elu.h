#pragma once
#include "ir/graph.h"

namespace toucanet {
/// X for x > 0, eˣ − 1 otherwise.
TOUCANET_OP(Elu);
}  // namespace toucanet
