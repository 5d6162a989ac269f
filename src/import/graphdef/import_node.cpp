// One node after another.
#include <algorithm>

#include "import/graphdef/custom_options.h"
#include "import/graphdef/importer.h"
#include "import/graphdef/tf_node.h"
#include "import/graphdef/tf_registry.h"
#include "ir/limits.h"
#include "ops/cast/cast.h"
#include "ops/custom/custom.h"
#include "ops/identity/identity.h"
#include "runtime/execute.h"

namespace toucanet {

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

// A conditional becomes a call where its condition is constant: not 0, or not empty where it is no scalar.
bool Importer::choose_branch(Ref r, Value condition) {
  for (const auto& [cut, input] : cuts_)
    if (cut.first == r.key()) return false;
  const auto c = condition.node && !probing_ ? constant_value(graph(), condition) : nullptr;
  if (!c || byte_size(c->dtype) == 0) return false;
  const bool holds = c->rank() == 0 ? c->number(0) != 0 : c->elements() > 0;
  const auto* branch = node(r).attr(holds ? "then_branch" : "else_branch");
  if (!branch || !scopes_.choose(r, branch->func())) return false;
  return chosen_ = true;
}

// Switch, Merge and If whose predicate is constant; nullopt: not one of them.
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
  } else if (op == "If" || op == "StatelessIf") {
    if (std::find(in.begin(), in.end(), dead) != in.end()) return std::vector<Value>{dead};
    if (!in.empty() && (in[0] == poison || choose_branch(r, in[0]))) return std::vector<Value>{poison};
  } else {
    return std::nullopt;
  }
  unsupported_[std::string(op)].nodes.push_back(full_name(r));
  return std::vector<Value>{poison, poison};
}

// Results of a narrower float are computed in float32 and rounded, where that gives TensorFlow's numbers.
void Importer::round_results(Ref r, Narrow narrow, std::vector<Value>& out) {
  const DType type = declared_type(r);
  if (narrow == Narrow::Same || options_.float16_as_float32 || (type != DType::F16 && type != DType::BF16)) return;
  bool moved = true;  // what only moves elements rounds nothing
  for (Value v : out) moved = moved && v && (graph()[v].op->is(Movement) || graph().type(v).dtype != DType::F32);
  if (moved) return;
  if (narrow == Narrow::Other) {
    rounding_[std::string(node(r).op)].nodes.push_back(full_name(r));
    return;
  }
  const auto cast = [&](Value v, DType from, DType to) {
    auto id = graph().add<Cast>({v}, {.in_data_type = from, .out_data_type = to}, {}, graph().result(v).origin);
    return id ? Value{*id, 0} : Value{};
  };
  for (Value& v : out)
    if (v && graph().type(v).dtype == DType::F32) v = cast(cast(v, DType::F32, type), type, DType::F32);
}

void Importer::import_placeholder(Ref r) {
  const std::string name = full_name(r);
  values_[r.key()] = {poison};
  if (options_.inputs.empty() || probing_) {
    values_[r.key()] = {add_border_input(input_type(r, {name, {}, {}}), name, r)};
    return;
  }
  problems_.push_back(diag("TN1005", "the placeholder '{}' is needed by the outputs, but is not among the inputs", name)
                          .at(name)
                          .note(fmt::format("add '{}' to --inputs, or cut the graph behind it", name)));
}

Importer::Operands Importer::operands_of(Ref r) {
  Operands in;
  for (auto input : node(r).inputs) {
    if (input.starts_with("^")) continue;
    const auto child = scopes_.resolve(r.scope, input);
    const Value v = child ? value_of(*child) : poison;
    in.values.push_back(v);
    if (child) missing_result(*child, input, full_name(r));
    in.bad |= v == poison;
    in.dead |= v == dead;
  }
  return in;
}

// Nothing where the rule refuses the node, or overlooks an attribute.
std::vector<Value> Importer::import_by_rule(Ref r, const TfImport& rule, const std::vector<Value>& in, OriginId origin) {
  const NodeDef& n = node(r);
  const std::string name = full_name(r);
  TfNode tf(graph(), n, name, in, origin, def_.producer);
  auto made = rule.from_tf(tf);
  const size_t before = problems_.size();
  if (!made)
    for (Diag& d : made.error()) problems_.push_back(std::move(d).at(name));
  for (Diag& d : tf.take_problems()) problems_.push_back(std::move(d));
  if (problems_.size() > before || made->empty()) return {};
  for (auto key : tf.unread()) problems_.push_back(diag("TN2004", "the attribute '{}' of {} is not understood", key, n.op).at(name));
  if (problems_.size() > before) return {};
  if (n.op == "PlaceholderWithDefault" && problems_.empty())
    notice("TN4001", fmt::format("the placeholder '{}' keeps its default value (name it in --inputs to feed it)", name));
  round_results(r, rule.narrow, *made);
  return std::move(*made);
}

// What was made for the node, from `first_new` on, takes its name; somebody else's value gets an alias.
void Importer::name_results(Ref r, std::vector<Value>& out, uint32_t first_new, OriginId origin) {
  for (uint32_t k = 0; k < out.size(); ++k) {
    if (!out[k]) {
      out[k] = poison;
      continue;
    }
    const std::string tensor = k ? fmt::format("{}:{}", full_name(r), k) : full_name(r);
    if (out[k].node.index < first_new || !graph().result(out[k]).name.empty()) {
      auto id = graph().add<Identity>({out[k]}, {}, tensor, origin);
      out[k] = id ? Value{*id, 0} : poison;
    } else {
      graph().result(out[k]).name = tensor;
    }
  }
}

void Importer::import_node(Ref r) {
  if (values_.count(r.key()) && value_of({r.scope, r.node, 0}) != poison) return;
  const NodeDef& n = node(r);
  if (n.op == "Const") return import_const(r);
  if (is_placeholder(n.op)) return import_placeholder(r);
  Operands in = operands_of(r);
  if (auto out = control_flow(r, in.values)) {
    values_[r.key()] = std::move(*out);
    return;
  }
  const std::string name = full_name(r);
  const TfImport* import = find_tf_import(n.op);
  if (!import && !(options_.allow_custom_ops && !n.op.empty() && !in.bad && !in.dead)) {
    unsupported_[std::string(n.op)].nodes.push_back(name);
    values_[r.key()] = {};
    return;
  }
  if (import)
    for (Diag& d : check_attrs(n, name)) problems_.push_back(std::move(d)), in.bad = true;
  if (in.bad || in.dead) {
    values_[r.key()] = std::vector<Value>(8, in.bad ? poison : dead);
    return;
  }
  const auto origin = result_.module.origins->source(name, n.op);
  const auto first_new = static_cast<uint32_t>(graph().arena_size());
  auto out = import ? import_by_rule(r, *import, in.values, origin) : custom(r, in.values);
  name_results(r, out, first_new, origin);
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

}  // namespace toucanet
