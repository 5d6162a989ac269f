#pragma once
// The options that name calibration data and say what is done to photos.
#include "cli/verbs.h"
#include "quantize/samples.h"

namespace toucanet::cli {

struct CalibrationData {
  std::string path, size, layout = "nhwc", channel_order = "rgb";
  Preprocessing preprocessing;

  /// `name`: of the option that takes the file or folder.
  void add(CLI::App&, const std::string& name);
  /// Checked against the model's inputs: all problems at once, before the first run.
  Expected<std::unique_ptr<SampleSource>> open(const Module&) const;
};

}  // namespace toucanet::cli
