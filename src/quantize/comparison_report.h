#pragma once
// A comparison of a model with its quantised form, for programs, for Model Explorer, and as a page to read.
#include <nlohmann/json.hpp>

#include "quantize/layer_comparison.h"

namespace toucanet {

struct ComparedModel {
  std::string path;
  size_t bytes = 0;
  double milliseconds = 0;  ///< of a run
};

struct ComparisonReport {
  ComparedModel first, second;
  std::string data;  ///< what the samples were
  size_t threads = 1;
  uint64_t samples = 0;
  std::optional<uint64_t> same_answer;
  std::vector<LayerDifference> layers;  ///< in execution order
  std::vector<std::string> unmatched;
};

/// The worst first; equal layers last. Indices into the layers.
std::vector<size_t> worst_first(const std::vector<LayerDifference>&);
/// Everything; layers in execution order. `histograms`: with the values of each layer and what every range algorithm would choose.
nlohmann::ordered_json json_of(const ComparisonReport&, bool histograms);
/// Custom node data of Google's Model Explorer: SQNR in dB by tensor name, at most 120.
nlohmann::ordered_json node_data(const ComparisonReport&);
/// One file that needs no other and no network.
std::string html(const ComparisonReport&);

}  // namespace toucanet
