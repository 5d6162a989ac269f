#pragma once
// Ranges that training wrote into the graph as FakeQuant and QuantizeAndDequantize nodes.
#include "ir/graph.h"
#include "quantize/parameters.h"

namespace toucanet {

struct TrainedRange {
  MinMax range;  ///< of a tensor, or of every channel together
  int num_bits = 8;
  bool narrow = false;
  std::vector<MinMax> channels = {};  ///< in order of the last axis; empty: one range in all
  std::string source;                 ///< "FakeQuantWithMinMaxVars 'conv/act_quant'"
};

/// Of a node that quantises as training did; nullopt: the node is another.
std::optional<TrainedRange> trained_range(const Graph&, NodeId);

/// What training fixed in a whole graph.
struct TrainedRanges {
  /// By TensorFlow node. Conversion folds those that stand behind constants: their names stay in the constants' origins.
  std::map<std::string, TrainedRange> nodes;
  /// By the name of the value they stood behind, where they are dropped from the graph.
  std::map<std::string, TrainedRange> values;
};
/// Reads the ranges of an imported module and makes it ready: QuantizeAndDequantize becomes FakeQuant, which stays in the
/// graph until quantisation, where it stands behind a computed value. `move`: those are dropped, so that fusions may
/// cross them (TOCO's reorder_across_fake_quant).
Expected<TrainedRanges> take_trained_ranges(Module& imported, bool move);

/// The parameters that TensorFlow's converter gives a trained range: its levels, for values stored as `type`.
Quant trained_quant(MinMax, int num_bits, bool narrow, DType type);
/// The scale of each channel (last index of `axis`; −1: all together) by which `w` holds whole numbers from −`most` to
/// `most`, as weights do that training rounded, whatever they were multiplied with since; nullopt: there is none.
std::optional<std::vector<float>> grid_of(const Tensor& w, int axis, int most);

}  // namespace toucanet
