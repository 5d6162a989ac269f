#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The operand itself. TensorFlow's identity-like nodes, kept until the clean stage so that each has a name and a fate.
TOUCANET_OP(Identity);
}  // namespace toucanet
