#include "quantize/integer.h"

#include "ops/dequantize/dequantize.h"
#include "ops/quantize/quantize.h"
#include "quantize/quant_rule.h"

namespace toucanet {
namespace {

using Shared = std::shared_ptr<const Quant>;
bool is_f32(const Graph& g, Value v) { return v && g.type(v).dtype == DType::F32; }

// What is decided before anything changes: which nodes are quantised, and every value's parameters.
class Plan {
  const Graph& g_;
  const Recipe& recipe_;
  const Observations& seen_;
  DType type_;
  std::map<Value, Value> parent_;  // of values that share parameters
  std::map<Value, Shared> own_;    // fixed by the operator that gives the value
  std::map<Value, Shared> sets_;   // by root

 public:
  std::map<uint32_t, std::string> floats;  // nodes that stay, with the reason

  Plan(const Graph& g, const Recipe& r, const Observations& o) : g_(g), recipe_(r), seen_(o), type_(r.mode == QuantMode::Int16x8 ? DType::I16 : DType::I8) {
    for (NodeId id : g.topological()) {
      const Node& n = g[id];
      if (n.is<Input>() || n.is<Const>()) continue;
      if (const std::string why = refuses(n, id); !why.empty()) floats[id.index] = why;
      else join(n, id);
    }
    for (NodeId id : g.topological()) fix(id);
    solve();
  }
  DType type() const { return type_; }
  uint64_t samples() const { return seen_.samples; }
  bool quantised(NodeId id) const { return !floats.count(id.index) && !g_[id].is<Input>() && !g_[id].is<Const>(); }
  /// Of a value as its producer gives it, or as a constant operand of `set` is stored.
  Shared of(Value v) {
    if (const auto it = own_.find(v); it != own_.end()) return it->second;
    return shared(v);
  }
  Shared shared(Value v) {
    const auto it = sets_.find(root(v));
    return it == sets_.end() ? nullptr : it->second;
  }
  std::optional<Range> range(Value v) const {
    if (const Tensor* t = g_.constant(v)) {
      Range r{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
      for (int64_t i = 0; i < t->elements(); ++i) r.join({t->number(i), t->number(i)});
      return t->elements() ? std::optional(r) : std::nullopt;
    }
    const auto it = seen_.tensors.find(g_.result(v).name);
    return it == seen_.tensors.end() ? std::nullopt : std::optional(it->second.by(recipe_.ranges, type_));
  }

 private:
  Value root(Value v) {
    while (parent_.count(v) && parent_[v] != v) v = parent_[v];
    return v;
  }
  void unite(Value a, Value b) {
    a = root(a), b = root(b);
    if (a != b) parent_[b] = a;
  }

  std::string refuses(const Node& n, NodeId id) const {
    bool floats_in = false;
    for (Value v : n.inputs) floats_in = floats_in || is_f32(g_, v);
    for (const Result& r : n.outputs) floats_in = floats_in || r.type.dtype == DType::F32;
    if (!floats_in) return "it computes no floats";
    const QuantRule* q = n.op->quant;
    if (!q) return "no integer kernel";
    if (!q->types.has(type_)) return fmt::format("no {} kernel", tf_name(type_));
    for (size_t i = 0; i < n.inputs.size(); ++i) {
      const Value v = n.inputs[i];
      if (!is_f32(g_, v)) continue;
      const bool weights = static_cast<int>(i) == q->weights || static_cast<int>(i) == q->bias;
      if (weights && !g_.constant(v)) return fmt::format("operand {} is no constant", i);
      if (!weights && !q->is_data(i)) return fmt::format("operand {} is a float that no integer kernel takes", i);
      if (!weights && !range(v)) return fmt::format("'{}' has no range: it was never computed", g_.result(v).name);
    }
    if (q->results == QuantRule::Results::Raw || q->results == QuantRule::Results::Fixed) return {};
    for (uint32_t k = 0; k < n.outputs.size(); ++k)
      if (n.outputs[k].type.dtype == DType::F32 && !range({id, k})) return fmt::format("'{}' has no range: it was never computed", n.outputs[k].name);
    return {};
  }

  void join(const Node& n, NodeId id) {
    const QuantRule& q = *n.op->quant;
    if (q.results != QuantRule::Results::Same) return;
    std::optional<Value> first;
    const auto take = [&](Value v) { first ? unite(*first, v) : void(first = v); };
    for (size_t i = 0; i < n.inputs.size(); ++i)
      if (is_f32(g_, n.inputs[i]) && q.is_data(i) && !g_.constant(n.inputs[i])) take(n.inputs[i]);
    for (uint32_t k = 0; k < n.outputs.size(); ++k)
      if (n.outputs[k].type.dtype == DType::F32) take({id, k});
  }

  void fix(NodeId id) {
    const Node& n = g_[id];
    if (!quantised(id) || n.op->quant->results != QuantRule::Results::Fixed) return;
    auto q = std::make_shared<Quant>();
    q->scale = {type_ == DType::I16 ? n.op->quant->fixed_scale_i16 : n.op->quant->fixed_scale};
    q->zero_point = {type_ == DType::I16 ? 0 : n.op->quant->fixed_zero_point};
    own_[{id, 0}] = std::move(q);
  }

  static Range range_of(const Quant& q, DType t) {
    const double s = static_cast<double>(q.scale[0]), z = static_cast<double>(q.zero_point[0]);
    return t == DType::I16 ? Range{s * (-32768 - z), s * (32767 - z)} : Range{s * (-128 - z), s * (127 - z)};
  }

  // One set, one range: the union of its members'. Where that is what one of them has fixed, its parameters serve all.
  void solve() {
    std::map<Value, Range> ranges;
    std::map<Value, std::vector<Shared>> fixed;
    for (NodeId id : g_.topological())
      for (uint32_t k = 0; k < g_[id].outputs.size(); ++k) {
        const Value v{id, k};
        if (!is_f32(g_, v) || g_.constant(v)) continue;
        const auto own = own_.find(v);
        const auto r = own != own_.end() ? std::optional(range_of(*own->second, type_)) : range(v);
        if (!r) continue;
        const auto [at, is_new] = ranges.try_emplace(root(v), *r);
        if (!is_new) at->second.join(*r);
        if (own != own_.end()) fixed[root(v)].push_back(own->second);
      }
    for (const auto& [set, r] : ranges) {
      for (const Shared& q : fixed[set]) {
        const Range f = range_of(*q, type_);
        if (r.min >= f.min - 1e-6 && r.max <= f.max + static_cast<double>(q->scale[0])) sets_[set] = q;
      }
      if (!sets_.count(set)) sets_[set] = std::make_shared<const Quant>(activation_quant(r, type_));
    }
  }
};

// The graph changed node by node: each value has a float or a stored form, the other is made where it is read.
class Edit {
  Graph& g_;
  const Recipe& recipe_;
  Plan& plan_;
  Quantized& done_;
  std::map<Value, Value> now_;                               // a value of the float graph → what computes it now
  std::map<std::pair<Value, const Quant*>, Value> requant_;  // stored forms made by QUANTIZE
  std::map<Value, Value> floats_;                            // made by DEQUANTIZE

 public:
  Edit(Graph& g, const Recipe& r, Plan& p, Quantized& d) : g_(g), recipe_(r), plan_(p), done_(d) {}

  Status run() {
    inputs();
    for (NodeId id : g_.topological()) {
      if (g_[id].is<Input>() || g_[id].is<Const>() || !g_.alive(id)) continue;
      CHECK_OK(plan_.quantised(id) ? integer_node(id) : float_node(id));
    }
    return outputs();
  }

 private:
  Value current(Value v) const {
    const auto it = now_.find(v);
    return it == now_.end() ? v : it->second;
  }
  bool stored(Value v) const { return g_.type(v).quant && is_int(g_.type(v).dtype); }

  Expected<Value> as_float(Value old) {
    const Value v = current(old);
    if (!stored(v)) return v;
    if (const auto it = floats_.find(v); it != floats_.end()) return it->second;
    TRY(const NodeId id, g_.add<Dequantize>({v}, {}, g_.result(old).name + "_float", g_.result(old).origin));
    return floats_[v] = Value{id, 0};
  }

  Expected<Value> as_stored(Value old, const Shared& q, DType type) {
    if (const Tensor* c = g_.constant(old)) {
      done_.ranges.push_back({g_.result(old).name, "its own values", *plan_.range(old), *q});
      return g_.add_constant(quantize_tensor(c->aligned(), q, type, false), g_.result(old).name, g_.result(old).origin);
    }
    const Value v = current(old);
    if (stored(v) && g_.type(v).dtype == type && *g_.type(v).quant == *q) return v;
    const auto key = std::pair(v, q.get());
    if (const auto it = requant_.find(key); it != requant_.end()) return it->second;
    TRY(const NodeId id, g_.add<Quantize>({v}, {.result_dtype = type}, g_.result(old).name + "_" + std::string(tf_name(type)), g_.result(old).origin));
    g_.result({id, 0}).type.quant = q;
    return requant_[key] = Value{id, 0};
  }

  void inputs() {
    if (recipe_.input_type == DType::F32) return;
    for (size_t i = 0; i < g_.inputs.size(); ++i) {
      const Value old = g_.inputs[i];
      const auto q = is_f32(g_, old) ? plan_.shared(old) : nullptr;
      if (!q) continue;
      TensorType t{recipe_.input_type, g_.type(old).shape, q};
      if (recipe_.input_type == DType::U8) {
        auto shifted = std::make_shared<Quant>(*q);
        shifted->zero_point[0] += 128;
        t.quant = shifted;
      }
      const Value made = g_.add_input(std::move(t), g_.result(old).name, g_.result(old).origin);
      g_.inputs.pop_back();
      g_.inputs[i] = made;
      now_[old] = made;
    }
  }

  Status float_node(NodeId id) {
    for (size_t i = 0; i < g_[id].inputs.size(); ++i) {
      const Value v = g_[id].inputs[i];
      if (!v || g_.constant(v)) continue;
      TRY(const Value f, as_float(v));
      if (f != v) g_.set_input(id, i, f);
    }
    const std::string& why = plan_.floats.at(id.index);
    if (why != "it computes no floats") {
      const Result& r = g_.result({id, 0});
      done_.floats.push_back({std::string(g_[id].op->tflite.builtin), r.name, why});
    }
    return ok();
  }

  Status integer_node(NodeId id) {
    const OpDef& op = *g_[id].op;
    const QuantRule& rule = *op.quant;
    const DType type = plan_.type();
    std::vector<Value> in = g_[id].inputs;
    const bool same = rule.results == QuantRule::Results::Same;
    Shared x;  // of the first data operand
    for (size_t i = 0; i < in.size(); ++i) {
      if (!is_f32(g_, in[i]) || !rule.is_data(i)) continue;
      Shared q;
      if (same) q = set_of(id);
      else if (g_.constant(in[i])) q = std::make_shared<const Quant>(activation_quant(*plan_.range(in[i]), type));
      else q = plan_.of(in[i]);
      TRY(in[i], as_stored(in[i], q, type));
      if (!x) x = q;
    }
    if (rule.weights >= 0) CHECK_OK(weights(in, rule, *x));
    std::vector<Result> old = g_[id].outputs;
    TRY(const NodeId made, g_.add(op, g_[id].attrs, std::move(in), old[0].name, old[0].origin));
    for (uint32_t k = 0; k < old.size(); ++k) {
      const Value was{id, k}, is{made, k};
      g_.result(is).name = old[k].name, g_.result(is).origin = old[k].origin;
      now_[was] = is;
      if (old[k].type.dtype != DType::F32) {
        g_.replace_uses(was, is);
        continue;
      }
      const Shared q = plan_.of(was);
      g_.result(is).type.quant = q;
      done_.ranges.push_back({old[k].name, source(op, rule), plan_.range(was).value_or(Range{}), *q});
    }
    return ok();
  }

  // What the members of a node that moves numbers share: its own result's parameters.
  Shared set_of(NodeId id) {
    for (uint32_t k = 0; k < g_[id].outputs.size(); ++k)
      if (g_[id].outputs[k].type.dtype == DType::F32) return plan_.shared({id, k});
    return plan_.shared(g_[id].inputs[0]);
  }

  std::string source(const OpDef& op, const QuantRule& rule) const {
    if (rule.results == QuantRule::Results::Fixed) return fmt::format("fixed by {}", op.tflite.builtin);
    if (rule.results == QuantRule::Results::Same) return fmt::format("shared along {}", op.tflite.builtin);
    return fmt::format("calibration: {} of {} samples", range_algorithm_names[static_cast<size_t>(recipe_.ranges.algorithm)], plan_.samples());
  }

  Status weights(std::vector<Value>& in, const QuantRule& rule, const Quant& x) {
    const auto at = static_cast<size_t>(rule.weights);
    const Value old = in[at];
    const Tensor w = g_.constant(old)->aligned();
    Quant q = weight_quant(w, rule.weights_axis);
    const auto bias = static_cast<size_t>(rule.bias);
    if (rule.bias >= 0 && bias < in.size() && in[bias] && is_f32(g_, in[bias])) {
      const Value b = in[bias];
      in[bias] =
          g_.add_constant(quantize_bias(g_.constant(b)->aligned(), static_cast<double>(x.scale[0]), q, plan_.type()), g_.result(b).name, g_.result(b).origin);
      done_.ranges.push_back({g_.result(b).name, "product of scales", {}, *g_.type(in[bias]).quant});
    }
    const auto shared = std::make_shared<const Quant>(std::move(q));
    done_.ranges.push_back({g_.result(old).name, rule.weights_axis < 0 ? "its own values" : "its own values, per channel", {}, *shared});
    in[at] = g_.add_constant(quantize_tensor(w, shared, DType::I8, true), g_.result(old).name, g_.result(old).origin);
    return ok();
  }

  // Results keep their names and types; integers only where the recipe wants them.
  Status outputs() {
    for (size_t i = 0; i < g_.outputs().size(); ++i) {
      const Value old = g_.outputs()[i].value, v = current(old);
      if (!stored(v)) {
        if (v != old) g_.set_output(i, v);
        continue;
      }
      const std::string name = g_.outputs()[i].name;
      if (recipe_.output_type == g_.type(v).dtype) {
        g_.set_output(i, v);
        continue;
      }
      Value made;
      if (recipe_.output_type == DType::U8) {
        auto q = std::make_shared<Quant>(*g_.type(v).quant);
        q->zero_point[0] += 128;
        TRY(const NodeId id, g_.add<Quantize>({v}, {.result_dtype = DType::U8}, name, g_.result(old).origin));
        g_.result({id, 0}).type.quant = std::move(q);
        made = {id, 0};
      } else {
        TRY(made, as_float(old));
      }
      g_.result(v).name = name + "_" + std::string(tf_name(g_.type(v).dtype));
      g_.result(made).name = name;
      g_.set_output(i, made);
    }
    return ok();
  }
};

}  // namespace

Status quantize_integer(Module& m, const Recipe& r, const Observations& o, Quantized& done) {
  if (o.samples == 0)
    return diag("TN7002", "mode {} needs samples: none were observed", quant_mode_names[static_cast<size_t>(r.mode)]).note("give --calibration DATA.npz");
  Graph& g = m.main();
  Plan plan(g, r, o);
  CHECK_OK(Edit(g, r, plan, done).run());
  if (r.allow_float || done.floats.empty()) return ok();
  Diags problems;
  for (const auto& f : done.floats) problems.push_back(diag("TN7003", "{} stays in floats: {}", f.op, f.reason).at(f.node));
  return problems;
}

}  // namespace toucanet
