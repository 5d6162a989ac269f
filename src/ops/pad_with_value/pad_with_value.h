#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Pads with a value (a scalar): paddings [rank,2] gives the amounts before and after each axis. PADV2 of TensorFlow Lite.
TOUCANET_OP(PadWithValue);
}  // namespace toucanet
