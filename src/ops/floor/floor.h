#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The largest integer not above x.
TOUCANET_OP(Floor);
}  // namespace toucanet
