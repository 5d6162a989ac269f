#pragma once
#include "ir/graph.h"

namespace toucanet {
/// start, start + delta, … before limit; scalars of one type.
TOUCANET_OP(Range);
}  // namespace toucanet
