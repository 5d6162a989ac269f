#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The imaginary part of x, element by element.
TOUCANET_OP(Imag);
}  // namespace toucanet
