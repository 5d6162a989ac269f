#pragma once
// The options that name samples and say what is done to photos.
#include "cli/verbs.h"
#include "quantize/samples.h"

namespace toucanet::cli {

/// How photos become inputs.
struct PhotoArguments {
  std::string size, layout = "nhwc", channel_order = "rgb";
  Preprocessing preprocessing;
  void add(CLI::App&);
  /// TN0004.
  Expected<Preprocessing> parsed() const;
};

/// Samples for a model's inputs.
struct SampleArguments {
  std::string path;
  std::optional<uint64_t> limit;

  /// `name`: of the option that takes the file or folder.
  void add(CLI::App&, const std::string& name);
  /// Checked against the model's inputs: all problems at once, before the first run.
  Expected<std::unique_ptr<SampleSource>> open(const Module&, const PhotoArguments&) const;
};

}  // namespace toucanet::cli
