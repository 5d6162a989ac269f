#pragma once
#include "import/graphdef/graph_def.h"
#include "ir/attrs.h"

namespace toucanet {
/// A node's attributes as a flexbuffer map: strings, integers, floats, booleans, types (as TensorFlow's numbers) and lists of them.
Bytes custom_options(const NodeDef&);
}  // namespace toucanet
