#pragma once
// What the values of a float model were on given samples. Observations merge exactly, in any order.
#include "quantize/parameters.h"
#include "quantize/range_choice.h"
#include "runtime/graph_runner.h"

namespace toucanet {

/// Counts on a fixed logarithmic grid: sixteen steps to a doubling, both signs; no range has to be known before.
class Histogram {
  std::map<int32_t, uint64_t> bins_;  // by the float's upper bits, negative numbers below 0

 public:
  void add(std::span<const float>);
  void merge(const Histogram&);
  bool operator==(const Histogram&) const = default;
  uint64_t count() const;
  /// The range that leaves (100 − percentile) % of the values outside, half at each end.
  Range percentile(double) const;
  /// (lower bound, upper bound, count), rising.
  struct Bin {
    double low, high;
    uint64_t count;
  };
  std::vector<Bin> bins() const;
};

struct Observation {
  Range range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  Histogram histogram;
  std::map<uint64_t, std::pair<float, float>> samples;  ///< least and greatest, by the sample's index
  bool operator==(const Observation& o) const {
    return range.min == o.range.min && range.max == o.range.max && histogram == o.histogram && samples == o.samples;
  }
  void merge(const Observation&);
  /// The range for values to be stored as `type`.
  Range by(const RangeChoice&, DType type) const;
};

/// By the value's name.
struct Observations {
  std::map<std::string, Observation> tensors;
  uint64_t samples = 0;
  void merge(const Observations&);
};

/// Runs the main graph on samples and observes every float value that is not a constant.
class Observer {
  const Module& module_;
  PlainExecutor executor_;
  Threads threads_;
  GraphRunner runner_;
  Observations seen_;

 public:
  Observer(const Module&, size_t threads);
  /// One sample: a tensor for each input of the main graph. TN7002 where number, type or shape does not fit, and for
  /// NaN or infinity, which names the first value that holds it.
  Status add(uint64_t index, const std::vector<Tensor>& inputs);
  const Observations& seen() const { return seen_; }
};

}  // namespace toucanet
