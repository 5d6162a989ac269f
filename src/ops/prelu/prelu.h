#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x where x ≥ 0, alpha·x otherwise; alpha broadcasts to x. TensorFlow Lite only.
TOUCANET_OP(Prelu);
}  // namespace toucanet
