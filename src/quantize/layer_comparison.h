#pragma once
// Two models on the same inputs, layer by layer: what quantisation costs, and where two runs part.
#include "quantize/observations.h"
#include "runtime/model_runner.h"

namespace toucanet {

/// Past it: |x − y| > absolute + relative·|x|. Integers that stand for themselves, or by the same parameters, must be equal.
struct Tolerance {
  double absolute = 1e-4, relative = 1e-4;
};

/// A computed tensor of the first model and its counterpart, over all samples, in real numbers.
struct LayerDifference {
  std::string tensor;                   ///< in the first model
  std::string other;                    ///< in the second
  std::string node;                     ///< the TensorFlow node, or what the file calls it
  std::string op;                       ///< "CONV_2D", of the first model
  std::string type;                     ///< "float32 [1,112,112,8]"
  std::string problem;                  ///< the shapes differ; empty: none
  DType stored_type = DType::F32;       ///< how the second model stores it
  std::shared_ptr<const Quant> stored;  ///< nullptr: as floats
  bool past = false;
  double largest = 0;    ///< absolute difference
  double sum = 0;        ///< of absolute differences
  double signal = 0;     ///< sum of the first model's squares
  double noise = 0;      ///< sum of squared differences
  uint64_t count = 0;    ///< numbers compared
  uint64_t clipped = 0;  ///< numbers of the first model that round to no stored integer
  Observation seen;      ///< of the first model; empty unless LayerComparison was to observe

  double mean() const { return count ? sum / static_cast<double>(count) : 0; }
  double sqnr_db() const;  ///< infinity: equal
  double clipped_share() const { return count ? static_cast<double>(clipped) / static_cast<double>(count) : 0; }
  /// What the second model can store; nullopt: floats.
  std::optional<MinMax> stored_limits() const;
};

class LayerComparison {
  struct Pair {
    const Tensor* first;
    const Tensor* second;
  };
  ModelRunner& first_;
  ModelRunner& second_;
  Tolerance tolerance_;
  bool observe_;
  HistogramCounter counter_;
  std::vector<LayerDifference> layers_;
  std::vector<Pair> pairs_;  // of each layer
  std::vector<std::string> unmatched_;
  std::vector<std::vector<Extremes>> rows_;  // of each layer, a row a sample
  uint64_t samples_ = 0, same_answer_ = 0;
  bool classifies_ = false;

  void find_pairs();
  void measure(LayerDifference&, const Pair&, std::vector<Extremes>& rows);

 public:
  /// Both models keep all tensors (RunnerOptions). `observe`: also histograms of the first model's floats.
  LayerComparison(ModelRunner& first, ModelRunner& second, Tolerance, bool observe);
  /// One sample: the inputs of the first model, which stand in its tensors, are given to the second, as the numbers that they
  /// stand for; both run. TN3006: the inputs do not fit; TN3012: no computed tensor has a counterpart.
  Status add();
  /// The same of an input for each of the first model's.
  Status add(const std::vector<Tensor>& inputs);

  /// In execution order. A counterpart has the same name, or one of the names that "a;b;c" joins.
  const std::vector<LayerDifference>& layers() const { return layers_; }
  /// Layers with their observations complete; this object is of no more use.
  std::vector<LayerDifference> take();
  /// Computed tensors of the first model that the second has not.
  const std::vector<std::string>& unmatched() const { return unmatched_; }
  uint64_t samples() const { return samples_; }
  /// Samples for which the first output's largest number is at the same place; nullopt: it is no vector of classes.
  std::optional<uint64_t> same_answer() const { return classifies_ ? std::optional(same_answer_) : std::nullopt; }
};

/// The second model stores what the first has as floats in another way.
bool loses_precision(const Module& first, const Module& second);

}  // namespace toucanet
