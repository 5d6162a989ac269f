#pragma once
// The options of verbs that quantise, and what they report.
#include "cli/report.h"
#include "cli/sample_arguments.h"
#include "quantize/quantize.h"

namespace toucanet::cli {

struct QuantizeArguments {
  std::string mode = "none", recipe_path, ranges = "minmax", input_type = "float32", output_type = "float32", weights = "per_channel", default_range, calib;
  std::vector<std::string> rules;
  bool strict = false;
  double percentile = 99.99, moving_average_constant = 0.01;
  int64_t min_weight_elements = 1024;
  SampleArguments data;
  PhotoArguments photos;
  uint64_t batch = 1;
  size_t threads = 1;

  /// `mode_flag`: "--quantize", "--mode".
  void add(CLI::App&, const std::string& mode_flag);
  /// TN7001, TN0004.
  Expected<Recipe> recipe() const;
  bool has_samples() const { return !data.path.empty() || !calib.empty(); }
  /// What the .calib file holds, or the samples give now. TN7006: the .calib file is of another model.
  Expected<Observations> observe(const Module&, const Terminal&) const;
};

/// "model.tflite" → "model.quantization.json".
std::string quantization_path(const std::string& model);
void say_quantization(const nlohmann::ordered_json&, const Terminal&);

}  // namespace toucanet::cli
