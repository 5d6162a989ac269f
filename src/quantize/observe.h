#pragma once
// Runs a float model on samples and observes every float value that is not a constant, in every graph.
#include <functional>

#include "quantize/observations.h"
#include "runtime/graph_runner.h"

namespace toucanet {

/// A value that is observed, and the name it goes by: its own, unique in the main graph; "graph::name" in others.
struct ObservedValue {
  uint32_t graph;
  Value value;
  std::string name;
};
/// All of a module, in a fixed order.
std::vector<ObservedValue> observed_values(const Module&);

/// It writes variables while it runs: what it computes of a sample depends on those before.
bool has_state(const Module&);

/// Observes batch by batch, in one thread at a time.
class Observer {
 public:
  struct Options {
    uint64_t batch = 1;
    bool channels = false;               ///< also the extremes of each channel, along the last axis
    size_t threads = 1;                  ///< of each operator
    std::vector<uint32_t> graphs = {0};  ///< that samples are for, rising
    std::map<std::string, CustomFunction> customs = {};
  };
  Observer(const Module&, Options);
  explicit Observer(const Module& m, size_t threads = 1) : Observer(m, Options{.threads = threads}) {}
  ~Observer();
  Observer(const Observer&) = delete;

  /// Plans, as far as shapes are known before the first sample. TN3007: operators that cannot run. TN7009: the model cannot take batches of that size, because
  /// a value would not be the samples' values one behind the other.
  Status prepare();
  /// One run of `graph` on samples [first, first + samples.size()), a tensor for each of its inputs; rows gets the
  /// extremes of each sample, by column of observed_values(). TN7002: a value is NaN or infinite, or the samples do not fit.
  Status add(uint64_t first, std::span<const std::vector<Tensor>> samples, std::span<Extremes> rows, uint32_t graph = 0);
  /// One sample of a batch of one for the main graph, whose extremes are kept in a file without a name.
  Status add(uint64_t index, const std::vector<Tensor>& inputs);
  /// What was added so far. TN5004.
  Expected<Observations> seen() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace toucanet
