#pragma once
#include "quantize/quantize.h"

namespace toucanet {
/// DynamicRange, WeightOnly and Float16: constants change their storage, activations stay floats.
Status quantize_weights(Module&, const Recipe&, Quantized&);
/// Nodes that nobody reads any more are gone; the module is consistent.
Status verify_quantized(Module&);
}  // namespace toucanet
