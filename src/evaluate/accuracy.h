#pragma once
// How often models that classify are right, side by side on the same samples.
#include "evaluate/labelled_samples.h"

namespace toucanet {

struct AccuracyOptions {
  Resolver resolver = Resolver::Fast;
  size_t threads = 1;  ///< each runs samples of its own; results do not depend on how many
  Preprocessing preprocessing = {};
  std::optional<int64_t> label_offset = {};        ///< output of class 0; none: 1 where a model has 1001 outputs and no label is above 999
  std::function<void(size_t done)> progress = {};  ///< samples, of all models
};

/// Classes are the labels' own; output = class + label_offset.
struct ModelAccuracy {
  std::string path;
  size_t bytes = 0;    ///< of the file
  size_t outputs = 0;  ///< classes that the model tells apart
  int64_t label_offset = 0;
  bool offset_found = false;        ///< guessed
  std::vector<int64_t> best;        ///< of each sample: the class with the largest output, the first of equals
  std::vector<int64_t> rank;        ///< of each sample: outputs before its label's; empty without labels
  size_t not_finite = 0;            ///< samples with NaN or infinity among the outputs
  double seconds = 0;               ///< inside the model, the median of the runs
  size_t within(size_t top) const;  ///< samples whose label is among the largest `top`
  size_t agreeing(const ModelAccuracy&) const;
};

struct ClassAccuracy {
  int64_t label = 0;
  size_t samples = 0, right = 0;
  std::vector<std::pair<int64_t, size_t>> taken_for;  ///< other classes, most often first
};

/// TN8004: a label that a model has no output for, all of them; TN8005: a model without a vector of classes; the reader's and runtime's
/// codes otherwise, each with the model's path.
Expected<std::vector<ModelAccuracy>> measure_accuracy(const std::vector<std::string>& models, const LabelledSamples&, const AccuracyOptions&);

/// Every class with samples, the least right first; of equals the one with more samples.
std::vector<ClassAccuracy> by_class(const ModelAccuracy&, const LabelledSamples&);

}  // namespace toucanet
