#pragma once
// Observes a model on samples: shards, threads, progress, interruption.
#include "quantize/observe.h"
#include "quantize/samples.h"

namespace toucanet {

struct CalibrateOptions {
  uint64_t batch = 1;
  size_t threads = 1;              ///< runs at once, each of another batch; the result does not depend on it
  uint64_t shard = 1, shards = 1;  ///< whole batches of the whole data; needs its size
  bool channels = false;
  std::map<std::string, CustomFunction> customs = {};  ///< called by several threads at once
  std::string model = {};                              ///< what it is called in messages
  std::string path = {};                               ///< a .calib file that is written now and then, and continued where it is there
  double checkpoint_seconds = 60;                      ///< between two writes
  /// Called now and then with the samples done and those to be done (0: not known); false stops at the end of the running batches.
  std::function<bool(uint64_t done, uint64_t of)> progress = {};
};

struct Calibrated {
  Observations observations;
  uint64_t resumed = 0;  ///< samples taken from the file that was there
  bool stopped = false;  ///< progress said so: some samples are missing
};

/// TN7002: samples that do not fit, or a value that is NaN or infinite; TN7006: the file at `path` is of something else;
/// TN7008: there are no samples; TN7009: the model cannot take batches of that size, there are fewer batches than shards, or
/// the model has state, for which samples must be run one after the other.
Expected<Calibrated> calibrate(const Module&, SampleSource&, const CalibrateOptions&);

}  // namespace toucanet
