#pragma once
// TensorFlow graphs to .tflite files, checked against the source.
#include <map>
#include <optional>
#include <set>
#include <string>

#include "toucanet/error.h"
#include "toucanet/types.h"

namespace toucanet {

struct ConversionOptions {
  struct Input {
    std::string name;
    std::optional<std::vector<int64_t>> shape = {};  ///< overrides the graph's; -1: unknown
    std::optional<DType> dtype = {};                 ///< overrides the graph's
  };
  std::vector<Input> inputs;         ///< empty: every placeholder that the outputs need
  std::vector<std::string> outputs;  ///< empty: every result that nobody reads
  bool allow_custom_ops = false;     ///< keeps operators that are not known
  bool float16_as_float32 = false;   ///< also where TensorFlow rounds on the way
  bool keep_dropout = false;
  std::set<std::string> disabled;  ///< rewrites and passes by name
  bool verify = true;              ///< runs source and result and compares
  double verify_seconds = 8;
  bool keep_unverified = false;  ///< a result that is wrong is given all the same, Conversion.verified says so
};

struct Conversion {
  enum class Verified { Skipped, Right, Wrong };
  struct Tensor {
    std::string name;
    DType dtype = DType::F32;
    std::vector<int64_t> shape;  ///< -1: unknown
  };
  std::string bytes;  ///< the .tflite file
  std::vector<Tensor> inputs, outputs;
  std::map<std::string, int> operators;  ///< "CONV_2D" → 15
  std::map<std::string, int> pruned;     ///< "summaries" → 2
  std::vector<std::string> notices;      ///< what was done that the graph did not ask for
  Verified verified = Verified::Skipped;
  double largest_difference = 0;
  std::string why_not_right;  ///< why it was skipped, what is wrong, or what is right in spite of a difference
};

/// A GraphDef in binary or text form. TN6001: the numbers differ from the source's.
TOUCANET_API Expected<Conversion> convert_graph_def(std::string_view bytes, const ConversionOptions& = {});
TOUCANET_API Expected<Conversion> convert_graph_def_file(const std::string& path, const ConversionOptions& = {});

}  // namespace toucanet
