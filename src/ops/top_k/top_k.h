#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The k largest elements along the last axis, descending, the earlier of equals first; and their indices. TOPK_V2 of TensorFlow Lite.
TOUCANET_OP(TopK);
}  // namespace toucanet
