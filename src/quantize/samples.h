#pragma once
// Where samples come from: arrays in files, folders of photos, a function.
#include <functional>
#include <optional>

#include "import/image.h"
#include "ir/graph.h"

namespace toucanet {

/// Samples by index, each a tensor for every input of a graph of the model, in its order.
class SampleSource {
 public:
  virtual ~SampleSource() = default;
  /// nullopt: known only at the end.
  virtual std::optional<uint64_t> size() const = 0;
  /// Sample `index`; nullopt behind the last one. Indices rise from call to call where in_order().
  virtual Expected<std::optional<std::vector<Tensor>>> sample(uint64_t index) = 0;
  /// Samples must be asked for in order, one at a time; otherwise from several threads at once.
  virtual bool in_order() const { return false; }
  /// The graphs that samples are for, rising: the main one, or those of signatures.
  virtual std::vector<uint32_t> graphs() const { return {0}; }
  virtual uint32_t graph([[maybe_unused]] uint64_t index) const { return 0; }
  /// What the samples are, without where they lie; it differs where they do.
  virtual std::string description() const = 0;
};

/// One array for each input by its name or a signature's, or a single one where there is one input (.npy). Arrays "key/input" are
/// for the graph of the signature `key`; each such graph has its own samples, one graph's behind another's. Samples are
/// stacked in front, on an axis of their own or in place of a batch of one. TN7002: all that does not fit, TN7008: none there.
Expected<std::unique_ptr<SampleSource>> array_samples(const Module&, const std::string& path);

/// The photos of a folder, in the order of their names. Checked before the first is decoded: the model has one input, a photo fits it.
Expected<std::unique_ptr<SampleSource>> photo_samples(const Module&, const std::string& folder, const Preprocessing&);

/// At most the first `most` of them.
std::unique_ptr<SampleSource> first_samples(std::unique_ptr<SampleSource>, uint64_t most);

/// By a function that gives one sample after another (nullopt: no more): arrays in the order of the inputs, each as the
/// model takes it. Called by one thread at a time, not always the same one.
using NextSample = std::function<Expected<std::optional<std::vector<Tensor>>>()>;
std::unique_ptr<SampleSource> function_samples(NextSample, std::string description, std::optional<uint64_t> size = {});

/// What of one sample does not fit the inputs of a graph: number, types, shapes; empty: it fits.
Diags check_sample(const Graph&, uint64_t index, const std::vector<Tensor>&);

}  // namespace toucanet
