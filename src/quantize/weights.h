#pragma once
#include "quantize/choices.h"
#include "quantize/quantize.h"

namespace toucanet {
/// Nodes that the recipe wants in DynamicRange, WeightOnly or Float16: constants change their storage, activations
/// stay floats.
Status quantize_weights(Graph&, const Choices&, const TrainedRanges&, Quantized&);

struct WeightQuant {
  Quant quant;
  std::string source;
};
/// Of a constant operand stored as int8 (uint8 next to uint8 activations), one scale for each index of `axis`: training's
/// levels where the weights have them, else from their own values.
WeightQuant quant_of_weights(const Graph&, Value, int axis, const Chosen* given, const TrainedRanges&, DType activation);
}  // namespace toucanet
