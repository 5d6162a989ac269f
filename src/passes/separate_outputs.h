#pragma once
#include "ir/graph.h"

namespace toucanet {
/// An output that is also an input, a constant, or another output gets a tensor of its own, so that every output
/// has its name in the file.
void separate_outputs(Module&);
}  // namespace toucanet
