#pragma once
#include "ir/graph.h"

namespace toucanet {
/// 1/(1+e⁻ˣ).
TOUCANET_OP(Logistic);
}  // namespace toucanet
