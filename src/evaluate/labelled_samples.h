#pragma once
// Samples whose classes are known: photos of a folder, arrays of a .npz or .npy, MNIST's idx files.
#include <limits>

#include "evaluate/label_table.h"
#include "import/image.h"
#include "runtime/model_runner.h"

namespace toucanet {

/// Where the samples are.
struct LabelledData {
  std::string data;                      ///< a folder, .npz, .npy or idx file
  std::string labels;                    ///< CSV of a folder's files; .npy or idx file; empty: found in the data, or none
  std::vector<std::string> class_names;  ///< may be empty
  size_t skip = 0, limit = std::numeric_limits<size_t>::max();
};

/// A photo (uint8 [height, width, 3]) under the name "", or a row of each array under its name.
struct LabelledSample {
  bool photo = false;
  std::map<std::string, Tensor> arrays;
};

class LabelledSamples {
  std::vector<std::string> files_;        // of photos
  std::map<std::string, Tensor> arrays_;  // samples stacked in front
  std::vector<int64_t> labels_;           // empty: unknown
  std::vector<std::string> class_names_;
  std::string found_;
  size_t without_label_ = 0;

  Status open_folder(const LabelledData&);
  Status open_classes(const LabelledData&);
  Status open_arrays(const LabelledData&);
  Status take_labels(const Tensor&, const std::string& what);
  void cut(const LabelledData&);

 public:
  /// TN8001: labels that cannot be read; TN8002: files that are not there, arrays of other lengths; TN8003: none left.
  static Expected<LabelledSamples> open(const LabelledData&);
  size_t size() const { return arrays_.empty() ? files_.size() : static_cast<size_t>(arrays_.begin()->second.dims[0]); }
  bool labelled() const { return !labels_.empty(); }
  int64_t label(size_t i) const { return labels_[i]; }
  const std::vector<std::string>& class_names() const { return class_names_; }
  bool photos() const { return arrays_.empty(); }
  /// Of what was guessed: "10 folders, one a class"; empty where nothing was.
  const std::string& found() const { return found_; }
  /// Photos of the folder that the table does not list.
  size_t without_label() const { return without_label_; }
  std::string name(size_t i) const { return photos() ? files_[i] : fmt::format("sample {}", i); }
  /// May be called from several threads.
  Expected<LabelledSample> sample(size_t i) const;
};

/// Gives the inputs the shapes of such a sample, in batches of one, and allocates. TN3006 where they cannot have them.
Status allocate_for(ModelRunner&, const LabelledSample&, const Preprocessing&);
/// Fills the inputs. Bytes for inputs of another type are pixels, as photos are; real numbers are stored by the input's parameters.
/// TN3006 for what does not fit.
Status fill(ModelRunner&, const LabelledSample&, const Preprocessing&);

}  // namespace toucanet
