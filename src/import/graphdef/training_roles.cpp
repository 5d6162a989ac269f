#include "import/graphdef/import_graph_def.h"

namespace toucanet {

static bool has_part(std::string_view name, std::string_view prefix) {
  for (size_t from = 0;;) {
    if (name.substr(from).starts_with(prefix)) return true;
    from = name.find('/', from);
    if (from == name.npos) return false;
    ++from;
  }
}
static bool contains(std::string_view s, std::string_view part) { return s.find(part) != s.npos; }

std::string_view training_role(std::string_view name, std::string_view op) {
  if (op.ends_with("Summary") || op.ends_with("SummaryV2")) return "summaries";
  if (op == "SaveV2" || op == "RestoreV2" || op == "MergeV2Checkpoints" || op == "ShardedFilename" || has_part(name, "save")) return "savers";
  if (op.starts_with("Apply") || op.starts_with("ResourceApply") || op.starts_with("SparseApply") || op.starts_with("ResourceSparseApply")) return "optimisers";
  if (has_part(name, "gradients") || op.ends_with("Grad") || op.ends_with("BackpropFilter") || op.ends_with("GradV3") || op.ends_with("GradV2"))
    return "gradients";
  if (contains(name, "egulariz") || op == "L2Loss") return "regularisers";
  if (op.starts_with("Assign") || op.ends_with("AssignVariableOp") || op.starts_with("Variable") || op == "VarHandleOp" || contains(name, "nitializer"))
    return "initialisers";
  if (has_part(name, "loss") || contains(op, "CrossEntropy") || has_part(name, "losses")) return "losses";
  if (op == "Assert" || has_part(name, "Assert") || has_part(name, "assert")) return "assertions";
  return {};
}

}  // namespace toucanet
