#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Turns the order of elements round along the axes that a vector names. REVERSE_V2 of TensorFlow Lite.
TOUCANET_OP(Reverse);
}  // namespace toucanet
