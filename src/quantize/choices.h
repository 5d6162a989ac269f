#pragma once
// What a recipe says about each node and value of a graph, and where that comes from.
#include "quantize/observe.h"
#include "quantize/recipe.h"
#include "quantize/trained_range.h"

namespace toucanet {

/// A value's range and its source.
struct Chosen {
  MinMax range;
  std::shared_ptr<const Quant> exact;  ///< parameters that training fixed; nullptr: they follow from the range
  std::string source;
};

class Choices {
  const Graph& g_;
  const Recipe& recipe_;
  const Observations& seen_;
  std::map<Value, std::string> seen_as_;  // names of observed values
  std::map<Value, Chosen> given_;

 public:
  /// `observed`: the graph's own of observed_values(), as they are before anything changes.
  Choices(const Graph&, std::span<const ObservedValue> observed, const Recipe&, const Observations&);
  const Recipe& recipe() const { return recipe_; }
  /// What reports call a tensor of the graph: by its name, "graph::name" outside the main graph.
  std::string reported(const std::string& tensor) const;

  QuantMode mode(NodeId) const;
  Granularity weights(NodeId) const;
  /// First of: a rule's range, training's, the input's mean and deviation, what was observed, what the file stores,
  /// the default range. A constant's is that of its values.
  std::optional<Chosen> range(Value) const;
  /// Of a value for which range() has nothing.
  std::string why_no_range(Value) const;
  /// Training's parameters for a value, known from now on.
  void give(Value v, Chosen c) { given_.insert_or_assign(v, std::move(c)); }
  const Chosen* given(Value v) const {
    const auto it = given_.find(v);
    return it == given_.end() ? nullptr : &it->second;
  }

 private:
  bool selects(const Rule&, NodeId) const;
  bool selects(const Rule&, Value) const;
};

}  // namespace toucanet
