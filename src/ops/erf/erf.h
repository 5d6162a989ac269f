#pragma once
#include "ir/graph.h"

namespace toucanet {
/// 2/√π·∫₀ˣ e^−t² dt. TensorFlow only.
TOUCANET_OP(Erf);
}  // namespace toucanet
