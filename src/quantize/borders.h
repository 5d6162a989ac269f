#pragma once
#include "quantize/choices.h"
#include "quantize/quantize.h"

namespace toucanet {
/// Float inputs and outputs take the recipe's types, whatever the model computes in. TN7012: some have no range.
Status quantize_borders(Graph&, const Choices&, Quantized&);
}  // namespace toucanet
