#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The indices (rows of i64) of the elements that are not zero.
TOUCANET_OP(Where);
}  // namespace toucanet
