#pragma once
// GraphDef → Module. Reads structure only; what each TensorFlow op means stands in the operators' folders.
#include <map>

#include "import/graphdef/graph_def.h"
#include "ir/graph.h"

namespace toucanet {

struct InputSpec {
  std::string name;            ///< "x", "x:0", "x:1"
  std::optional<Shape> shape;  ///< overrides the graph's
  std::optional<DType> dtype;  ///< overrides the graph's
};

struct ImportOptions {
  std::vector<InputSpec> inputs;     ///< empty: every placeholder that the outputs need
  std::vector<std::string> outputs;  ///< empty: every result that nobody reads
  bool allow_custom_ops = false;
  bool float16_as_float32 = false;  ///< also where TensorFlow rounds on the way
};

struct Notice {
  std::string code, what;
};

/// A node of the user's model and whether the outputs need it.
struct SourceNode {
  std::string name, op;
  bool needed = false;
};

struct Imported {
  Module module;
  std::vector<Notice> notices;
  std::vector<SourceNode> nodes;
  std::map<std::string, int> pruned;  ///< "summaries" → 2
  bool found_inputs = false, found_outputs = false;
};

Expected<Imported> import_graph_def(const GraphDef&, const ImportOptions&);

/// "summaries", "savers", "gradients", … or empty: what kind of training node this is.
std::string_view training_role(std::string_view name, std::string_view op);

}  // namespace toucanet
