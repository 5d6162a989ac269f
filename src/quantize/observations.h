#pragma once
// What the values of a float model were on given samples. Observations merge exactly, in any order.
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "diag/diag.h"
#include "quantize/choose_range.h"

namespace toucanet {

/// Extremes of each sample: rows of one pair for each tensor. They lie in files, not in memory.
struct SampleRows {
  uint64_t first, count;              ///< samples
  const Extremes* rows;               ///< count × columns
  std::shared_ptr<const void> owner;  ///< of the rows
};

/// What was seen of one tensor.
struct Observation {
  Extremes extremes;
  Histogram histogram;
  std::vector<Extremes> channels;  ///< along the last axis; empty: not asked for
  uint32_t column = 0;             ///< of the sample rows
  std::shared_ptr<const std::vector<SampleRows>> samples;
  uint32_t columns = 0;

  MinMax range() const { return {static_cast<double>(extremes.low), static_cast<double>(extremes.high)}; }
  /// The histogram's bins, cut where the values end.
  std::vector<Histogram::Bin> bins() const;
  /// The range for values to be stored as `type`.
  MinMax by(const RangeChoice&, DType type) const;
};

/// Where observations are from. Only what agrees in all but `ranges` can be merged.
struct ObservationSource {
  uint64_t fingerprint = 0;      ///< of the model (fingerprint.h)
  std::string model;             ///< what the model is called, for messages; not compared
  std::string producer;          ///< program and version
  std::string kernels;           ///< the instruction set and every kernel that ran
  std::string data;              ///< what the samples are (SampleSource::description)
  uint64_t batch = 1;            ///< samples of one run
  std::optional<uint64_t> size;  ///< samples of the whole data
  bool channels = false;
};

struct Observations {
  std::map<std::string, Observation> tensors;  ///< by name (ObservedValues); only what was computed
  uint64_t samples = 0;
  std::vector<std::string> names;  ///< of all tensors that were watched, by column
  ObservationSource source;
  std::shared_ptr<const std::vector<SampleRows>> rows;  ///< rising
  std::vector<std::pair<uint64_t, uint64_t>> covered;   ///< samples [first, last), rising, apart

  /// It was watched, and no sample reached it.
  bool never_computed(const std::string& name) const;
  /// All samples of the data are covered (where their number is known).
  bool complete() const;
  /// TN7006: another model, other data, kernels or batches; TN7007: samples that both have. Nothing changes then.
  Status merge(const Observations&);
  /// Why they cannot be merged, coverage aside (TN7006).
  Diags differences(const Observations&) const;
  /// Counts and extremes of tensors only.
  void merge_tensors(const Observations&);
  /// Gives every tensor the rows.
  void set_rows(std::shared_ptr<const std::vector<SampleRows>>);
};

}  // namespace toucanet
