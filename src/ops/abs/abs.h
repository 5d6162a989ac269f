#pragma once
#include "ir/graph.h"

namespace toucanet {
/// |x|.
TOUCANET_OP(Abs);
}  // namespace toucanet
