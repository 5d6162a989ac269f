#pragma once
// How did each transformation change my graph? Answers from a traced conversion.
#include "pipeline/convert.h"

namespace toucanet {

/// A tensor of the written model and the TensorFlow nodes that went into it.
struct FinalTensor {
  std::string name, type;
  std::string operator_name;  ///< "CONV_2D", "input", "constant"
  int operator_index = -1;    ///< in the file, -1 for inputs and constants
  std::string operand;        ///< of a constant: which operand of which operator reads it
  std::vector<std::string> sources;
  std::vector<std::string> rewrites;
};

/// What became of a node of the user's model.
struct Fate {
  std::string name, op;
  std::string what;             ///< "lives on", "pruned", "folded away", "bypassed"
  std::string detail;           ///< role of a pruned node; the rewrite that removed it
  std::vector<size_t> tensors;  ///< indices of final tensors
  std::vector<size_t> events;   ///< indices of trace events
};

struct Explanation {
  Converted converted;
  Trace trace;
  std::vector<FinalTensor> tensors;
  std::vector<Fate> fates;  ///< one for every node of the source
};

/// Refusals of one rewrite for one reason, names and numbers aside, at operators of the written model.
struct NearMiss {
  Stage stage;
  std::string rewrite;
  std::string reason;           ///< of the first
  std::vector<std::string> at;  ///< operators, by their names in the user's model
};
/// What a person would want to hear first: fusions, then what was refused most often.
std::vector<NearMiss> near_misses(const Explanation&);

Expected<Explanation> explain(const GraphDef&, ConvertOptions);

/// The sidecar: TensorFlow node → tensors, tensor → TensorFlow nodes.
void collect_tensors(const Converted&, std::vector<FinalTensor>&);

}  // namespace toucanet
