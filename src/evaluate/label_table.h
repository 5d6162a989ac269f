#pragma once
// Classes of samples as files keep them: a table of files and classes, MNIST's idx files.
#include <string>
#include <vector>

#include "diag/diag.h"
#include "ir/tensor.h"

namespace toucanet {

struct LabelledFile {
  std::string file;  ///< relative to the folder of the samples
  int64_t label = 0;
};

/// A CSV of two columns or more. A first line whose class is no number names the columns: file (filename, image, path) and class_index
/// (label, class); without one, the first two are meant. Classes are numbers, or names among `class_names`. TN8001: lines that cannot be
/// read, all of them; the same file twice.
Expected<std::vector<LabelledFile>> read_label_table(const std::string& path, const std::vector<std::string>& class_names);

/// A line for each class.
Expected<std::vector<std::string>> read_class_names(const std::string& path);

/// An array in MNIST's idx format, also compressed by gzip. TN8001 if it is none.
Expected<Tensor> read_idx_file(const std::string& path);
/// Begins as an idx file, compressed or not.
bool is_idx_file(const std::string& path);

}  // namespace toucanet
