#include "toucanet/inspect.h"

#include <set>

#include "import/file.h"
#include "import/graphdef/import_graph_def.h"
#include "import/tflite/read_tflite.h"
#include "pipeline/cost.h"

namespace toucanet {
namespace {

std::optional<std::vector<int64_t>> shape_of(const Shape& s) {
  if (!s.ranked()) return std::nullopt;
  std::vector<int64_t> dims;
  for (const Dim& d : s.dims()) dims.push_back(d.known() ? d.value() : -1);
  return dims;
}

Inspection inspect_tflite(const Module& m) {
  const Cost cost = cost_of(m);
  Inspection to;
  to.format = "tflite";
  to.description = m.description;
  to.subgraphs = m.graphs.size();
  const Graph& g = m.main();
  for (Value v : g.inputs) to.inputs.push_back({g.result(v).name, g.type(v).dtype, shape_of(g.type(v).shape)});
  for (const auto& o : g.outputs()) to.outputs.push_back({o.name, g.type(o.value).dtype, shape_of(g.type(o.value).shape)});
  for (const auto& s : m.signatures) to.signatures.push_back(s.key);
  for (const auto& [n, b] : m.metadata)
    if (n == "min_runtime_version") to.min_runtime_version = std::string(b.data.begin(), std::find(b.data.begin(), b.data.end(), 0));
  to.operators = static_cast<size_t>(cost.operators);
  to.operator_counts = cost.counts;
  to.parameters = cost.parameters;
  to.parameter_bytes = cost.parameter_bytes;
  to.macs = cost.macs;
  to.macs_complete = cost.complete;
  return to;
}

Inspection::Tensor placeholder(const GraphDef& g, const NodeDef& n) {
  Inspection::Tensor t{std::string(n.name)};
  if (const auto* a = n.attr("dtype")) t.dtype = dtype_from_tf(a->type());
  if (const auto* a = n.attr("shape"))
    if (!(g.producer <= 21 && a->shape().rank() == 0)) t.shape = shape_of(a->shape());
  return t;
}

Inspection inspect_graph(const GraphDef& g) {
  Inspection to;
  to.format = "GraphDef";
  to.producer = g.producer;
  to.nodes = g.nodes.size();
  to.functions = g.functions.size();
  std::set<std::string_view> read;
  for (const auto& n : g.nodes) {
    ++to.operator_counts[std::string(n.op)];
    if (const auto role = training_role(n.name, n.op); !role.empty()) ++to.training[std::string(role)];
    for (auto i : n.inputs) read.insert(i.starts_with("^") ? i : i.substr(0, i.find(':')));
  }
  for (const auto& n : g.nodes) {
    if (n.op == "Placeholder" || n.op == "PlaceholderWithDefault") {
      to.inputs.push_back(placeholder(g, n));
    } else if (n.op == "Const") {
      if (const auto* a = n.attr("value"))
        if (auto t = read_tensor(a->tensor(), g.owner)) to.parameters += static_cast<size_t>(t->elements()), to.parameter_bytes += t->bytes();
    } else if (!read.count(n.name) && n.op != "NoOp" && training_role(n.name, n.op).empty()) {
      to.outputs.push_back({std::string(n.name)});
    }
  }
  for (const auto& [op, k] : to.operator_counts)
    if (op != "Const" && op != "Placeholder" && op != "NoOp" && !find_tf_import(op)) to.not_convertible[op] = k;
  return to;
}

}  // namespace

Expected<Inspection> inspect_file(const std::string& path) {
  TRY(auto file, map_file(path));
  Inspection to;
  if (is_tflite(file->bytes())) {
    TRY(Module m, read_tflite(file, file->bytes()));
    to = inspect_tflite(m);
  } else {
    TRY(GraphDef g, read_graph_def(file, file->bytes()));
    to = inspect_graph(g);
  }
  to.bytes = file->bytes().size();
  return to;
}

}  // namespace toucanet
