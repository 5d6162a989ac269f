#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x − log Σ exp(x) along the last axis.
TOUCANET_OP(LogSoftmax);
}  // namespace toucanet
