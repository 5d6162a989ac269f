#pragma once
// What a file holds.
#include <map>
#include <string>

#include "toucanet/error.h"
#include "toucanet/types.h"

namespace toucanet {

struct Inspection {
  struct Tensor {
    std::string name;
    std::optional<DType> dtype = {};                 ///< empty: the file does not say
    std::optional<std::vector<int64_t>> shape = {};  ///< -1: unknown dimension; empty: unknown rank
  };
  std::string format;  ///< "tflite", "GraphDef"
  size_t bytes = 0;
  std::vector<Tensor> inputs, outputs;
  std::map<std::string, int> operator_counts;
  size_t parameters = 0, parameter_bytes = 0;

  // Of a .tflite file.
  std::string description, min_runtime_version;
  size_t subgraphs = 0, operators = 0;
  std::vector<std::string> signatures;
  int64_t macs = 0;           ///< multiply-accumulates of one run
  bool macs_complete = true;  ///< false where an unknown dimension was counted as 1

  // Of a GraphDef.
  int producer = 0;
  size_t nodes = 0, functions = 0;
  std::map<std::string, int> not_convertible;  ///< TensorFlow operators without a counterpart
  std::map<std::string, int> training;         ///< "gradients" → nodes of training
};

TOUCANET_API Expected<Inspection> inspect_file(const std::string& path);

}  // namespace toucanet
