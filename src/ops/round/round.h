#pragma once
#include "ir/graph.h"

namespace toucanet {
/// To the nearest integer, half to even.
TOUCANET_OP(Round);
}  // namespace toucanet
