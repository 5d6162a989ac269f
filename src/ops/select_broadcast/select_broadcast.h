#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Elements of x where the condition holds, of y elsewhere; all three broadcast. SELECT_V2 of TensorFlow Lite.
TOUCANET_OP(SelectBroadcast);
}  // namespace toucanet
