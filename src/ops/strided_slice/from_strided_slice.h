#pragma once
#include "import/graphdef/tf_node.h"

namespace toucanet::ops::strided_slice {
inline bool bit(int32_t mask, size_t i) { return i < 31 && (mask >> i & 1); }

/// TensorFlow Lite has no ellipsis and no new axes before version 6 of the operator, and takes an ellipsis of no axes for
/// one of one: it is expanded, new axes are inserted afterwards. An index ignores the masks in TensorFlow, not in TensorFlow Lite.
Expected<std::vector<Value>> from_strided_slice(TfNode&);
}  // namespace toucanet::ops::strided_slice
