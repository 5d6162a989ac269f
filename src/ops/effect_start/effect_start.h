#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The first effect token of a graph. Orders side effects; written nowhere.
TOUCANET_OP(EffectStart);
}  // namespace toucanet
