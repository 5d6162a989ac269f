#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Square matrices of zeros with x on their diagonals: [..., n] → [..., n, n].
TOUCANET_OP(MatrixDiag);
}  // namespace toucanet
