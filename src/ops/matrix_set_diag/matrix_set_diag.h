#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The matrices x with the main diagonal replaced: [..., r, c] and [..., min(r, c)].
TOUCANET_OP(MatrixSetDiag);
}  // namespace toucanet
