#pragma once
#include "ir/graph.h"

namespace toucanet {
/// A tensor of shape dims whose elements are all value.
TOUCANET_OP(Fill);
}  // namespace toucanet
