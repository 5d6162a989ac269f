#include "import/graphdef/import_graph_def.h"

#include <algorithm>

#include "import/graphdef/importer.h"
#include "import/graphdef/tf_node.h"
#include "ops/cast/cast.h"

namespace toucanet {

std::optional<Ref> Importer::find_tensor(std::string_view name, std::string_view role) {
  if (auto r = scopes_.resolve(0, name)) return r;
  if (scopes_.refused()) return std::nullopt;
  std::vector<std::string_view> all;
  for (const auto& n : def_.nodes) all.push_back(n.name);
  Diag d = diag("TN1004", "no tensor is called '{}' ({})", name, role);
  if (const auto near = nearest(parse_name(name).node, all); !near.empty()) d.notes.push_back(fmt::format("did you mean '{}'?", near));
  problems_.push_back(std::move(d).at(name));
  return std::nullopt;
}

void Importer::find_inputs_and_outputs(std::vector<Ref>& outputs, std::vector<std::string>& names) {
  std::set<std::string> doubled;
  for (const auto& o : options_.outputs) {
    const auto r = find_tensor(o, "output");
    if (!r) continue;
    const std::string name = o.ends_with(":0") ? o.substr(0, o.size() - 2) : o;
    if (std::find(names.begin(), names.end(), name) != names.end()) doubled.insert(name);
    else outputs.push_back(*r), names.push_back(name);
  }
  for (const auto& name : doubled) notice("TN4006", fmt::format("the output '{}' is named more than once: the model has it once", name));
  if (options_.outputs.empty()) {
    result_.found_outputs = true;
    std::vector<bool> read(def_.nodes.size());
    for (const auto& n : def_.nodes)
      for (auto i : n.inputs)
        if (const auto k = scopes_.index_of(parse_name(i).node); k && !i.starts_with("^")) read[*k] = true;
    for (uint32_t i = 0; i < def_.nodes.size(); ++i) {
      const auto& n = def_.nodes[i];
      if (read[i] || n.op == "NoOp" || n.op == "Const" || is_placeholder(n.op) || !training_role(n.name, n.op).empty()) continue;
      const std::string name(n.name);
      const size_t results = scopes_.callee(n) ? scopes_.callee(n)->outputs.size() : 1;
      for (size_t k = 0; k < results; ++k) {
        const std::string tensor = k ? fmt::format("{}:{}", name, k) : name;
        if (auto r = scopes_.resolve(0, tensor)) outputs.push_back(*r), names.push_back(tensor);
      }
    }
    if (outputs.empty() && problems_.empty())
      problems_.push_back(diag("TN1008", "no output was found: every result is read by another node").note("name the outputs with --outputs"));
  }
  for (const auto& spec : options_.inputs) {
    if (auto r = find_tensor(spec.name, "input")) {
      if (!cuts_.emplace(std::pair{r->key(), r->slot}, cut_refs_.size()).second)
        problems_.push_back(diag("TN1009", "the input '{}' is named twice", spec.name).at(spec.name));
      cut_refs_.push_back(*r);
    }
  }
}

void Importer::report_pruned(const std::vector<Ref>& needed) {
  std::set<uint64_t> keys;
  for (Ref r : needed) keys.insert(r.key());
  for (Ref r : cut_refs_) keys.insert(r.key());
  for (const auto& [call, scope] : scopes_.calls()) keys.insert(call);
  for (uint32_t i = 0; i < def_.nodes.size(); ++i) {
    const auto& n = def_.nodes[i];
    const bool need = keys.count(Ref{0, i, 0}.key()) > 0;
    result_.nodes.push_back({std::string(n.name), std::string(n.op), need});
    if (need || n.op == "NoOp") continue;
    const auto role = training_role(n.name, n.op);
    ++result_.pruned[role.empty() ? "other nodes" : std::string(role)];
  }
  for (Ref r : needed)
    if (r.scope) result_.nodes.push_back({full_name(r), std::string(node(r).op), true});
}

// A branch that cannot be resolved is reported whole: also the nodes that only control edges hold.
void Importer::count_control_flow(const std::vector<Ref>& outputs) {
  if (!unsupported_.count("Switch") && !unsupported_.count("Merge")) return;
  const Diags before = problems_;
  for (Ref r : reach(outputs, true)) {
    const auto it = unsupported_.find(std::string(node(r).op));
    if (it == unsupported_.end() || values_.count(r.key())) continue;
    it->second.nodes.push_back(full_name(r));
  }
  problems_ = before;
}

std::string Unsupported::words(const std::string& op) const {
  return fmt::format("{} {}: '{}'{}", op, nodes.size(), nodes[0], nodes.size() > 1 ? fmt::format(", and {} more", nodes.size() - 1) : "");
}

Diag Importer::rounding_problem() const {
  size_t total = 0;
  for (const auto& [op, u] : rounding_) total += u.nodes.size();
  Diag d = diag("TN2007", "{} node{} in float16 or bfloat16, where TensorFlow rounds at each step and TensorFlow Lite computes in float32", total,
                total == 1 ? " computes" : "s compute");
  for (const auto& [op, u] : rounding_) {
    d.notes.push_back(u.words(op));
    d.nodes.insert(d.nodes.end(), u.nodes.begin(), u.nodes.end());
  }
  return std::move(d).note("--float16-as-float32 converts the graph: results are more exact than TensorFlow's, and differ from them");
}

// Nodes that the outputs need, operands first; from the start once a conditional is known to take one branch always, as its
// results are then the branch's. Problems are those of the last time.
std::vector<Ref> Importer::import_needed(std::vector<Ref>& outputs, const std::vector<std::string>& names) {
  for (;;) {
    auto needed = reach(outputs);
    if (!problems_.empty()) return needed;
    for (Ref r : needed) import_node(r);
    if (!std::exchange(chosen_, false)) return needed;
    problems_.clear();
    unsupported_.clear();
    for (size_t i = 0; i < outputs.size(); ++i)
      if (auto r = scopes_.resolve(0, names[i])) outputs[i] = *r;
    if (!problems_.empty()) return needed;
  }
}

Expected<Imported> Importer::run() {
  result_.module.add_graph("main");
  std::vector<Ref> outputs;
  std::vector<std::string> names;
  find_inputs_and_outputs(outputs, names);
  if (!problems_.empty()) return std::move(problems_);
  make_inputs();
  result_.found_inputs = options_.inputs.empty();
  const auto needed = import_needed(outputs, names);

  if (!unsupported_.empty()) {
    count_control_flow(outputs);
    size_t total = 0;
    for (const auto& [op, u] : unsupported_) total += u.nodes.size();
    Diag d = diag("TN2001", "{} node{} of {} operator{} {} no counterpart in TensorFlow Lite", total, total == 1 ? "" : "s", unsupported_.size(),
                  unsupported_.size() == 1 ? "" : "s", total == 1 ? "has" : "have");
    for (const auto& [op, u] : unsupported_) {
      d.notes.push_back(u.words(op));
      d.nodes.insert(d.nodes.end(), u.nodes.begin(), u.nodes.end());
    }
    for (std::string_view op : {"Variable", "VariableV2", "VarHandleOp", "ReadVariableOp"})
      if (unsupported_.count(std::string(op))) {
        d.notes.emplace_back("the graph is not frozen: its variables must become constants first");
        break;
      }
    d.notes.emplace_back("cut the graph before them with --outputs, or after them with --inputs");
    problems_.insert(problems_.begin(), std::move(d));
  }
  if (!rounding_.empty()) problems_.push_back(rounding_problem());
  if (!problems_.empty() && problems_.back().code == "TN2003" && problems_.back().notes.empty())
    problems_.back().notes.emplace_back("cut the graph before it with --outputs, or after it with --inputs");
  if (!problems_.empty()) return std::move(problems_);
  for (size_t i = 0; i < outputs.size(); ++i) {
    Value v = value_of(outputs[i]);
    if (!v) {
      problems_.push_back(v == dead ? diag("TN2005", "the output '{}' lies on a branch that is never taken", names[i]).at(names[i])
                                    : diag("TN1004", "'{}' has no such result", names[i]).at(names[i]));
      continue;
    }
    const DType declared = declared_type(outputs[i]);
    const bool is_cut = cuts_.count({outputs[i].key(), outputs[i].slot}) > 0;
    const DType border = is_cut ? graph().type(graph().inputs[cuts_.at({outputs[i].key(), outputs[i].slot})]).dtype : declared;
    if (graph().type(v).dtype == DType::F32 && border != DType::F32 && is_float(border)) {
      auto cast = graph().add<Cast>({v}, {.in_data_type = DType::F32, .out_data_type = border}, names[i], graph().result(v).origin);
      if (cast) v = {*cast, 0};
      narrowed_.insert(border);
    }
    graph().add_output(v, names[i]);
  }
  if (!problems_.empty()) return std::move(problems_);
  for (DType t : narrowed_) notice("TN4002", fmt::format("{} is computed in float32", tf_name(t)));
  report_pruned(needed);
  Signature s;
  for (uint32_t i = 0; i < graph().inputs.size(); ++i) s.inputs.emplace_back(graph().result(graph().inputs[i]).name, i);
  for (uint32_t i = 0; i < graph().outputs().size(); ++i) s.outputs.emplace_back(graph().outputs()[i].name, i);
  result_.module.signatures.push_back(std::move(s));
  return std::move(result_);
}

Expected<Imported> import_graph_def(const GraphDef& def, const ImportOptions& options) { return Importer(def, options).run(); }

}  // namespace toucanet
