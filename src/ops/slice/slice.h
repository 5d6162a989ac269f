#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The block of `size` elements from `begin`; a size of −1 reaches to the end.
TOUCANET_OP(Slice);
}  // namespace toucanet
