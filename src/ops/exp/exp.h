#pragma once
#include "ir/graph.h"

namespace toucanet {
/// E to the x.
TOUCANET_OP(Exp);
}  // namespace toucanet
