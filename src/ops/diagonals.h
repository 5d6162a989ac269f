#pragma once
// TensorFlow's ops on the diagonals of matrices, by constant indices: the sizes of the matrices must be known.
#include "import/graphdef/tf_node.h"

namespace toucanet::diagonals {

/// (diagonal, k, num_rows, num_cols, padding_value) → matrices.
Expected<std::vector<Value>> to_matrix(TfNode&);
/// (input, diagonal, k) → the matrices with these diagonals instead.
Expected<std::vector<Value>> set(TfNode&);
/// MatrixDiagPart, V2 and V3: (input, k, padding_value) → diagonals.
Expected<std::vector<Value>> part(TfNode&);
/// (input, num_lower, num_upper) → matrices, 0 outside a band.
Expected<std::vector<Value>> band(TfNode&);
/// Operand i holds nothing but `want`; false too where it is not constant.
bool all_equal(TfNode&, size_t i, int64_t want);

}  // namespace toucanet::diagonals
