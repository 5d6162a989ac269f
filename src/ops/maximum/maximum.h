#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The larger of x and y, element by element, broadcasting. NaN in either gives NaN; TensorFlow Lite takes y where x is NaN.
TOUCANET_OP(Maximum);
}  // namespace toucanet
