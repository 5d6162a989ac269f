#pragma once
#include "import/graphdef/tf_node.h"

namespace toucanet::ops::batch_matmul {
/// Einsum of one or two operands: sums, transposes, one product.
Expected<std::vector<Value>> from_einsum(TfNode&);
}  // namespace toucanet::ops::batch_matmul
