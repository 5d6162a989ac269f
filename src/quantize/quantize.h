#pragma once
// Quantises a float module of TensorFlow Lite operators by a recipe.
#include "quantize/observe.h"
#include "quantize/recipe.h"
#include "quantize/trained_range.h"

namespace toucanet {

/// Where a tensor's parameters came from, for `explain ranges`.
struct RangeSource {
  std::string tensor;
  std::string source;  ///< "calibration: minmax of 100 samples", "fixed by SOFTMAX", "its own values, per channel", …
  MinMax range;
  Quant quant;
};
/// An operator that stayed in floats, and why.
struct StayedFloat {
  std::string op, node, reason;
  bool without_range = false;  ///< of an operand or a result
};
struct Quantized {
  std::vector<RangeSource> ranges;
  std::vector<StayedFloat> floats;
};

/// Some value is stored as integers with a scale.
bool is_quantized(const Module&);

/// TN7004: the model is quantised already.
Status check_float(const Module&);

/// Changes the module. Integer modes need a range for every value they store: observed, trained (`trained` holds what
/// conversion folded into constants), given or stored. TN7003: strict, and operators stayed in floats (all of them);
/// TN7004: the model is quantised already; TN7011, TN7012: see integer.h, borders.h.
Expected<Quantized> quantize(Module&, const Recipe&, const Observations&, const TrainedRanges& trained = {});

}  // namespace toucanet
