#include "import/graphdef/import_graph_def.h"

#include <algorithm>
#include <unordered_map>

#include "import/graphdef/custom_options.h"
#include "import/graphdef/scopes.h"
#include "import/graphdef/tf_node.h"
#include "import/graphdef/tf_registry.h"
#include "ir/limits.h"
#include "ops/cast/cast.h"
#include "ops/custom/custom.h"
#include "ops/identity/identity.h"
#include "runtime/execute.h"

namespace toucanet {
namespace {

// Values that stand for no tensor.
constexpr Value poison{NodeId{}, 1};  // came from a node with a problem, already reported
constexpr Value dead{NodeId{}, 2};    // the side of a Switch that is never taken

struct Unsupported {
  std::vector<std::string> nodes;
};

class Importer {
  const GraphDef& def_;
  const ImportOptions& options_;
  Imported result_;
  Diags problems_;
  Scopes scopes_;
  std::unordered_map<uint64_t, std::vector<Value>> values_;  // node → its results
  std::map<std::string, Unsupported> unsupported_;
  std::map<std::pair<uint64_t, uint32_t>, size_t> cuts_;  // tensor → input
  std::vector<Ref> cut_refs_;
  std::set<DType> narrowed_;
  std::unordered_map<std::string_view, uint32_t> results_read_;  // node → how many of its results are read
  int symbols_ = 0;
  bool probing_ = false;  // looking at what lies before inner inputs
  int64_t spelled_out_ = 0;

 public:
  Importer(const GraphDef& d, const ImportOptions& o) : def_(d), options_(o), scopes_(d, problems_) {}
  Expected<Imported> run();

 private:
  Graph& graph() { return result_.module.main(); }
  const NodeDef& node(Ref r) const { return scopes_.node(r); }
  std::string full_name(Ref r) const { return scopes_.full_name(r); }
  void notice(std::string code, std::string what) { result_.notices.push_back({std::move(code), std::move(what)}); }

  std::optional<Ref> find_tensor(std::string_view name, std::string_view role);
  void find_inputs_and_outputs(std::vector<Ref>& outputs, std::vector<std::string>& names);
  std::vector<Ref> reach(const std::vector<Ref>& roots, bool controls = false) {
    return scopes_.reach(
        roots,
        [this](Ref r) {
          return cuts_.count({r.key(), r.slot}) > 0;
        },
        controls);
  }
  void count_control_flow(const std::vector<Ref>& outputs);
  void make_inputs();
  TensorType input_type(Ref, const InputSpec&);
  Shape with_symbols(Shape);
  Value add_border_input(TensorType, const std::string& name, Ref);
  void import_node(Ref);
  void import_const(Ref);
  void missing_result(Ref, std::string_view as, const std::string& reader);
  std::optional<std::vector<Value>> control_flow(Ref, const std::vector<Value>& in);
  std::vector<Value> custom(Ref, std::vector<Value> in);
  Value value_of(Ref);
  void report_pruned(const std::vector<Ref>& needed);
  DType declared_type(Ref);
  DType type_of_readers(Ref);
};

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

bool is_placeholder(std::string_view op) { return op == "Placeholder" || op == "PlaceholderV2" || op == "LegacyFedInput"; }

void Importer::find_inputs_and_outputs(std::vector<Ref>& outputs, std::vector<std::string>& names) {
  for (const auto& o : options_.outputs)
    if (auto r = find_tensor(o, "output")) outputs.push_back(*r), names.push_back(o.ends_with(":0") ? o.substr(0, o.size() - 2) : o);
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

Shape Importer::with_symbols(Shape s) {
  if (!s.ranked()) return s;
  Dims d = s.dims();
  for (auto& x : d)
    if (x.is_unknown()) x = Dim::symbol(fmt::format("s{}", symbols_++));
  return Shape(std::move(d));
}

Value Importer::add_border_input(TensorType t, const std::string& name, Ref r) {
  const auto origin = result_.module.origins->source(full_name(r), node(r).op);
  const DType compute = compute_type(t.dtype);
  Value v = graph().add_input(t, name, origin);
  if (compute == t.dtype) return v;
  narrowed_.insert(t.dtype);
  auto cast = graph().add<Cast>({v}, {.in_data_type = t.dtype, .out_data_type = compute}, {}, origin);
  return cast ? Value{*cast, 0} : poison;
}

TensorType Importer::input_type(Ref r, const InputSpec& spec) {
  const NodeDef& n = node(r);
  TensorType t{DType::F32, Shape::unranked(), nullptr};
  bool typed = false;
  if (is_placeholder(n.op) || n.op == "PlaceholderWithDefault") {
    if (const auto* a = n.attr("dtype")) {
      if (const auto d = dtype_from_tf(a->type())) t.dtype = *d, typed = true;
    }
    if (const auto* a = n.attr("shape")) {
      t.shape = a->shape();
      // Up to producer 21 a placeholder of unknown shape was written as a scalar.
      if (def_.producer <= 21 && t.shape.ranked() && t.shape.rank() == 0) t.shape = Shape::unranked();
    } else if (const auto* o = n.attr("_output_shapes")) {
      if (const auto shapes = o->list_shape(); !shapes.empty()) t.shape = shapes[0];
    }
  } else {
    if (const auto it = values_.find(r.key()); it != values_.end() && r.slot < it->second.size() && it->second[r.slot].node) {
      const TensorType& inferred = graph().type(it->second[r.slot]);
      t.dtype = inferred.dtype, typed = true;
      if (inferred.shape.ranked()) {
        Dims d = inferred.shape.dims();
        for (auto& x : d)
          if (!x.known()) x = Dim::unknown();
        t.shape = Shape(std::move(d));
      }
    }
    DType d = declared_type(r);
    if (d == DType::Token && !typed) d = type_of_readers(r);
    if (d != DType::Token) {
      if (!typed || (t.dtype == DType::F32 && compute_type(d) == DType::F32)) t.dtype = d, typed = true;
    }
  }
  if (spec.shape) {
    if (t.shape.ranked() && spec.shape->ranked() && !refine(t.shape, *spec.shape))
      problems_.push_back(diag("TN1012", "the input '{}' has the shape [{}], [{}] was given", spec.name, t.shape.str(), spec.shape->str()).at(spec.name));
    t.shape = *spec.shape;
  }
  if (spec.dtype) t.dtype = *spec.dtype, typed = true;
  if (!typed) problems_.push_back(diag("TN1013", "the type of the input '{}' cannot be inferred", spec.name).at(spec.name).note("give it with --input-types"));
  t.shape = with_symbols(t.shape);
  return t;
}

// The TensorFlow type that a node declares for its results, Token if it declares none.
DType Importer::declared_type(Ref r) {
  if (node(r).op == "ResizeBilinear") return DType::F32;
  for (std::string_view key : {"DstT", "dtype", "out_type", "output_type", "Tout", "T", "Tparams"}) {
    const auto* a = node(r).attr(key);
    if (a && a->kind() == AttrView::Kind::Type)
      if (const auto d = dtype_from_tf(a->type())) return *d;
  }
  return DType::Token;
}

// The type T of a top-level node that reads the tensor first; Token if nobody tells.
DType Importer::type_of_readers(Ref r) {
  for (uint32_t i = 0; i < def_.nodes.size(); ++i) {
    const auto& n = def_.nodes[i];
    if (n.inputs.empty()) continue;
    const auto source = scopes_.resolve(0, n.inputs[0]);
    if (!source || source->key() != r.key() || source->slot != r.slot) continue;
    if (const auto* a = n.attr("T"); a && a->kind() == AttrView::Kind::Type)
      if (const auto t = dtype_from_tf(a->type())) return *t;
  }
  return DType::Token;
}

void Importer::make_inputs() {
  // Shapes and types of inner tensors come from what lies before them, looked at once and thrown away.
  std::vector<Ref> inner;
  for (size_t i = 0; i < cut_refs_.size(); ++i)
    if (const auto op = node(cut_refs_[i]).op; !is_placeholder(op) && op != "PlaceholderWithDefault") inner.push_back(cut_refs_[i]);
  std::vector<TensorType> types;
  if (!inner.empty()) {
    const Diags before = problems_;
    const auto notices = result_.notices;
    const auto cuts = std::move(cuts_);
    cuts_.clear();
    probing_ = true;
    for (Ref r : reach(inner)) import_node(r);
    probing_ = false;
    cuts_ = cuts;
    problems_ = before;
    result_.notices = notices;
    unsupported_.clear();
  }
  for (size_t i = 0; i < cut_refs_.size(); ++i) types.push_back(input_type(cut_refs_[i], options_.inputs[i]));
  if (!inner.empty()) {
    values_.clear();
    symbols_ = 0;
    result_.module.graphs.clear();
    result_.module.add_graph("main");
    result_.module.origins = std::make_shared<Origins>();
    narrowed_.clear();
    for (auto& t : types)
      if (t.shape.ranked()) {
        Dims d = t.shape.dims();
        for (auto& x : d)
          if (!x.known()) x = Dim::unknown();
        t.shape = with_symbols(Shape(std::move(d)));
      }
  }
  for (size_t i = 0; i < cut_refs_.size(); ++i) {
    std::string name = options_.inputs[i].name;
    if (name.ends_with(":0")) name.resize(name.size() - 2);
    auto& slots = values_[cut_refs_[i].key()];
    slots.resize(std::max<size_t>(slots.size(), cut_refs_[i].slot + 1), poison);
    slots[cut_refs_[i].slot] = add_border_input(types[i], name, cut_refs_[i]);
  }
}

Value Importer::value_of(Ref r) {
  const auto it = values_.find(r.key());
  if (it == values_.end() || r.slot >= it->second.size()) return poison;
  return it->second[r.slot];
}

// Reports a result that a node which was imported does not have.
void Importer::missing_result(Ref r, std::string_view as, const std::string& reader) {
  const auto it = values_.find(r.key());
  if (it == values_.end() || it->second.empty() || r.slot < it->second.size()) return;
  for (Value v : it->second)
    if (!v) return;
  problems_.push_back(
      diag("TN1010", "'{}' reads '{}', but {} '{}' has {} result{}", reader, as, node(r).op, full_name(r), it->second.size(), it->second.size() == 1 ? "" : "s")
          .at(reader));
}

void Importer::import_const(Ref r) {
  const NodeDef& n = node(r);
  const std::string name = full_name(r);
  const auto* a = n.attr("value");
  auto t = a ? read_tensor(a->tensor(), def_.owner) : Expected<Tensor>(diag("TN2003", "Const '{}' has no value", name));
  if (!t) {
    for (Diag& d : t.error()) problems_.push_back(std::move(d).at(name));
    values_[r.key()] = {poison};
    return;
  }
  if (t->bytes() > a->bytes.size() && (spelled_out_ += t->elements()) > limits::spelled_out) {
    problems_.push_back(diag("TN1006", "the constants claim more than {} elements without holding them", limits::spelled_out).at(name));
    values_[r.key()] = {poison};
    return;
  }
  if (compute_type(t->dtype) != t->dtype) {
    narrowed_.insert(t->dtype);
    Tensor wide = Tensor::zeros(DType::F32, t->dims);
    auto to = wide.as_mutable<float>();
    for (size_t i = 0; i < to.size(); ++i) to[i] = static_cast<float>(t->number(static_cast<int64_t>(i)));
    *t = std::move(wide);
  }
  values_[r.key()] = {graph().add_constant(std::move(*t), name, result_.module.origins->source(name, n.op))};
}

// Switch and Merge whose predicate is constant; nullopt: not one of them.
std::optional<std::vector<Value>> Importer::control_flow(Ref r, const std::vector<Value>& in) {
  const auto op = node(r).op;
  const bool is_switch = op == "Switch" || op == "RefSwitch", is_merge = op == "Merge" || op == "RefMerge";
  if (is_merge) {
    std::vector<size_t> live;
    bool known = true;
    for (size_t i = 0; i < in.size(); ++i) {
      if (in[i].node) live.push_back(i);
      else if (in[i] == poison) known = false;
    }
    if (known && live.size() == 1) {
      const auto origin = result_.module.origins->source(full_name(r), op);
      auto id = graph().add<Identity>({in[live[0]]}, {}, full_name(r), origin);
      if (!id) return std::vector<Value>{poison, poison};
      return std::vector<Value>{{*id, 0}, graph().add_constant(Tensor::scalar_i32(static_cast<int32_t>(live[0])), full_name(r) + ":1", origin)};
    }
    if (known && live.empty()) return std::vector<Value>{dead, dead};
  } else if (is_switch) {
    if (in.size() == 2 && (in[0] == dead || in[1] == dead)) return std::vector<Value>{dead, dead};
    if (in.size() == 2 && in[1].node) {
      if (const auto p = constant_value(graph(), in[1]); p && p->dtype == DType::Bool && p->elements() == 1) {
        std::vector<Value> out{dead, dead};
        const size_t side = p->integer(0) ? 1 : 0;
        if (in[0].node) {
          auto id = graph().add<Identity>({in[0]}, {}, full_name(r) + (side ? ":1" : ""), result_.module.origins->source(full_name(r), op));
          out[side] = id ? Value{*id, 0} : poison;
        } else {
          out[side] = poison;
        }
        return out;
      }
    }
  } else {
    return std::nullopt;
  }
  unsupported_[std::string(op)].nodes.push_back(full_name(r));
  return std::vector<Value>{poison, poison};
}

void Importer::import_node(Ref r) {
  if (values_.count(r.key()) && value_of({r.scope, r.node, 0}) != poison) return;
  const NodeDef& n = node(r);
  const std::string name = full_name(r);
  if (n.op == "Const") return import_const(r);
  if (is_placeholder(n.op)) {
    values_[r.key()] = {poison};
    if (options_.inputs.empty() || probing_) {
      InputSpec spec{name, {}, {}};
      values_[r.key()] = {add_border_input(input_type(r, spec), name, r)};
    } else {
      problems_.push_back(diag("TN1005", "the placeholder '{}' is needed by the outputs, but is not among the inputs", name)
                              .at(name)
                              .note(fmt::format("add '{}' to --inputs, or cut the graph behind it", name)));
    }
    return;
  }
  std::vector<Value> in;
  bool bad = false, is_dead = false;
  for (auto input : n.inputs) {
    if (input.starts_with("^")) continue;
    const auto child = scopes_.resolve(r.scope, input);
    const Value v = child ? value_of(*child) : poison;
    in.push_back(v);
    if (child) missing_result(*child, input, name);
    bad |= v == poison;
    is_dead |= v == dead;
  }
  if (auto out = control_flow(r, in)) {
    values_[r.key()] = std::move(*out);
    return;
  }
  const TfImport* import = find_tf_import(n.op);
  if (!import && !(options_.allow_custom_ops && !bad && !is_dead)) {
    unsupported_[std::string(n.op)].nodes.push_back(name);
    values_[r.key()] = {};
    return;
  }
  if (import)
    for (Diag& d : check_attrs(n, name)) problems_.push_back(std::move(d)), bad = true;
  if (bad || is_dead) {
    values_[r.key()] = std::vector<Value>(8, bad ? poison : dead);
    return;
  }
  const auto origin = result_.module.origins->source(name, n.op);
  const auto first_new = static_cast<uint32_t>(graph().arena_size());
  TfNode tf(graph(), n, name, in, origin, def_.producer, def_.owner);
  std::vector<Value> out;
  if (import) {
    auto made = import->from_tf(tf);
    if (made) out = std::move(*made);
    else
      for (Diag& d : made.error()) problems_.push_back(std::move(d).at(name));
    for (Diag& d : tf.take_problems()) problems_.push_back(std::move(d)), out.clear();
    if (!out.empty())
      for (auto key : tf.unread()) {
        problems_.push_back(diag("TN2004", "the attribute '{}' of {} is not understood", key, n.op).at(name));
        out.clear();
      }
  } else {
    out = custom(r, in);
  }
  for (uint32_t k = 0; k < out.size(); ++k) {
    if (!out[k]) {
      out[k] = poison;
      continue;
    }
    const std::string tensor = k ? fmt::format("{}:{}", name, k) : name;
    if (out[k].node.index < first_new || !graph().result(out[k]).name.empty()) {  // somebody's value already: an alias
      auto id = graph().add<Identity>({out[k]}, {}, tensor, origin);
      out[k] = id ? Value{*id, 0} : poison;
    } else {
      graph().result(out[k]).name = tensor;
    }
  }
  if (import && n.op == "PlaceholderWithDefault" && !out.empty() && problems_.empty())
    notice("TN4001", fmt::format("the placeholder '{}' keeps its default value (name it in --inputs to feed it)", name));
  values_[r.key()] = std::move(out);
}

// An operator that the user's runtime knows: its results are those that somebody reads.
std::vector<Value> Importer::custom(Ref r, std::vector<Value> in) {
  const NodeDef& n = node(r);
  std::vector<int64_t> types;
  for (std::string_view key : {"_output_types", "Tout", "output_types", "out_types"})
    if (const auto* a = n.attr(key); a && types.empty())
      for (int t : a->list_type())
        if (const auto d = dtype_from_tf(t)) types.push_back(static_cast<int64_t>(compute_type(*d)));
  if (types.empty()) {
    const DType declared = declared_type(r);
    types.push_back(static_cast<int64_t>(declared == DType::Token ? DType::F32 : compute_type(declared)));
  }
  if (results_read_.empty())
    for (const auto& d : def_.nodes)
      for (auto i : d.inputs) {
        const TensorName t = parse_name(i);
        auto& k = results_read_[t.node];
        k = std::max(k, t.slot + 1);
      }
  const auto it = results_read_.find(n.name);
  const size_t results = std::max(types.size(), it == results_read_.end() ? size_t{1} : size_t{it->second});
  while (types.size() < results) types.push_back(types.back());
  auto id = graph().add<Custom>(std::move(in), {.custom_code = std::string(n.op), .custom_options = custom_options(n), .types = types}, {},
                                result_.module.origins->source(full_name(r), n.op));
  if (!id) {
    for (Diag& d : id.error()) problems_.push_back(std::move(d).at(full_name(r)));
    return {};
  }
  notice("TN4005", fmt::format("'{}' is kept as the custom operator {}", full_name(r), n.op));
  std::vector<Value> out;
  for (uint32_t k = 0; k < results; ++k) out.push_back({*id, k});
  return out;
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

Expected<Imported> Importer::run() {
  result_.module.add_graph("main");
  std::vector<Ref> outputs;
  std::vector<std::string> names;
  find_inputs_and_outputs(outputs, names);
  if (!problems_.empty()) return std::move(problems_);
  make_inputs();
  result_.found_inputs = options_.inputs.empty();
  const auto needed = reach(outputs);
  if (!problems_.empty()) return std::move(problems_);
  for (Ref r : needed) import_node(r);

  if (!unsupported_.empty()) {
    count_control_flow(outputs);
    size_t total = 0;
    for (const auto& [op, u] : unsupported_) total += u.nodes.size();
    Diag d = diag("TN2001", "{} node{} of {} operator{} {} no counterpart in TensorFlow Lite", total, total == 1 ? "" : "s", unsupported_.size(),
                  unsupported_.size() == 1 ? "" : "s", total == 1 ? "has" : "have");
    for (const auto& [op, u] : unsupported_) {
      d.notes.push_back(
          fmt::format("{} {}: '{}'{}", op, u.nodes.size(), u.nodes[0], u.nodes.size() > 1 ? fmt::format(", and {} more", u.nodes.size() - 1) : ""));
      d.nodes.insert(d.nodes.end(), u.nodes.begin(), u.nodes.end());
    }
    for (std::string_view op : {"Variable", "VariableV2", "VarHandleOp", "ReadVariableOp"})
      if (unsupported_.count(std::string(op))) {
        d.notes.push_back("the graph is not frozen: its variables must become constants first");
        break;
      }
    d.notes.push_back("cut the graph before them with --outputs, or after them with --inputs");
    problems_.insert(problems_.begin(), std::move(d));
  }
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
  for (uint32_t i = 0; i < graph().inputs.size(); ++i) s.inputs.push_back({graph().result(graph().inputs[i]).name, i});
  for (uint32_t i = 0; i < graph().outputs().size(); ++i) s.outputs.push_back({graph().outputs()[i].name, i});
  result_.module.signatures.push_back(std::move(s));
  return std::move(result_);
}

}  // namespace

Expected<Imported> import_graph_def(const GraphDef& def, const ImportOptions& options) { return Importer(def, options).run(); }

}  // namespace toucanet
