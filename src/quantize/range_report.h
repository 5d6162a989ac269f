#pragma once
// How every tensor of a .tflite model is stored: range, scale, zero point, where they came from, what they cost.
#include "ir/graph.h"
#include "quantize/observations.h"
#include "quantize/quantization_record.h"

namespace toucanet {

struct RangeRow {
  std::string tensor;  ///< as the file calls it; "graph::name" outside the main graph
  std::string node;    ///< the TensorFlow node, or what the file calls it
  std::string kind;    ///< "activation", "weights", "bias"
  DType dtype = DType::F32;
  std::shared_ptr<const Quant> quant;  ///< nullptr: stored as floats
  std::optional<MinMax> range;         ///< over all channels; nullopt: none, for the reason that `source` tells
  std::string source;
  std::optional<double> clipped;       ///< share of the values observed
  std::optional<double> sqnr_db;       ///< by rounding and clipping alone. Of weights: expected, from their scale
  std::vector<Histogram::Bin> values;  ///< observed; of weights: stored
  bool interface = false;              ///< a float that only passes into or out of the integers
};

struct RangeSources {
  const QuantizationRecord* record = nullptr;
  const Observations* observations = nullptr;  ///< of the float model
};

/// A row for each tensor that is stored as integers with a scale, and for each computed float, in execution order; constants before
/// their first reader. What the record does not tell, or tells of other scales, is derived from the file and the operators' rules.
std::vector<RangeRow> range_report(const Module&, const RangeSources&);

}  // namespace toucanet
