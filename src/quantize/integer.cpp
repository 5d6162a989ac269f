#include "quantize/integer.h"

#include <algorithm>
#include <cmath>

#include "ops/concatenation/concatenation.h"
#include "ops/custom/custom.h"
#include "ops/dequantize/dequantize.h"
#include "ops/fake_quant/fake_quant.h"
#include "ops/fake_quant_levels.h"
#include "ops/quantize/quantize.h"
#include "quantize/integer_plan.h"
#include "quantize/weights.h"

namespace toucanet {
namespace {

// The same attributes for results of the stored type, of operators that keep that among them.
Attrs with_result_type(const OpDef& op, const Attrs& a, DType type) {
  if (a.empty()) return a;
  auto p = op.attrs->clone(a.raw());
  for (const FieldRef& f : op.attrs->fields(p.get()))
    if (f.name == "result_dtype" && f.kind == FieldKind::DType && *static_cast<DType*>(f.p) == DType::F32) {
      *static_cast<DType*>(f.p) = type;
      return Attrs(*op.attrs, std::move(p));
    }
  return a;
}

std::string operator_name(const Node& n) { return n.is<Custom>() ? n.as<Custom>().custom_code : std::string(n.op->tflite.builtin); }

bool on_levels(const Tensor& t, const Quant& q, DType type) {
  const auto [low, high] = stored_limits(type);
  for (int64_t i = 0; i < t.elements(); ++i) {
    const double level = t.number(i) / static_cast<double>(q.scale[0]) + static_cast<double>(q.zero_point[0]);
    if (!(std::fabs(level - std::round(level)) < 1e-3) || level < low - 0.5 || level > high + 0.5) return false;
  }
  return true;
}

// FakeQuant nodes become what they say: parameters of the value before them. A second range for one value stays a node
// and requantises.
Status absorb_fake_quant(Graph& g, const TrainedRanges& trained, Choices& choices, DType type) {
  Diags problems;
  const auto given_by = [&](const TrainedRange& r, const std::string& at) {
    Chosen c{r.range, std::make_shared<const Quant>(trained_quant(r.range, r.num_bits, r.narrow, type)), r.source};
    if (!std::isnormal(c.exact->scale[0]))
      problems.push_back(diag("TN7013", "{} has the range [{}, {}], which makes no scale", r.source, r.range.min, r.range.max)
                             .at(at)
                             .note("train it on values that are finite and differ"));
    return c;
  };
  for (NodeId id : g.topological())
    for (uint32_t k = 0; k < g[id].outputs.size(); ++k)
      if (const auto it = trained.values.find(g.result({id, k}).name); it != trained.values.end()) choices.give({id, k}, given_by(it->second, it->first));
  // Constants that conversion computed from a FakeQuant node.
  for (NodeId id : g.topological()) {
    if (!g[id].is<Const>() || g[id].outputs[0].type.dtype != DType::F32) continue;
    for (std::string_view node : g.module().origins->names(g[id].outputs[0].origin))
      if (const auto it = trained.nodes.find(std::string(node)); it != trained.nodes.end() && it->second.channels.empty() && it->second.num_bits <= 8)
        if (const Chosen c = given_by(it->second, std::string(node)); on_levels(g[id].constant->aligned(), *c.exact, type)) choices.give({id, 0}, c);
  }
  // Of several ranges of one value, the widest is its own: it cuts off nothing that another keeps.
  std::map<Value, std::pair<double, NodeId>> widest;
  for (NodeId id : g.topological())
    if (g[id].is<FakeQuant>()) {
      const MinMax r = trained_range(g, id)->range;
      const auto [at, is_new] = widest.try_emplace(g[id].inputs[0], r.max - r.min, id);
      if (!is_new && r.max - r.min > at->second.first) at->second = {r.max - r.min, id};
    }
  for (NodeId id : g.topological()) {
    if (!g.alive(id) || !g[id].is<FakeQuant>()) continue;
    const auto r = *trained_range(g, id);
    if (r.num_bits > 8 && type != DType::I16) {
      problems.push_back(
          diag("TN7011", "{} has {} bits: {} holds 8", r.source, r.num_bits, tf_name(type)).at(g.result({id, 0}).name).note("mode int16x8 holds 16"));
      continue;
    }
    const Chosen given = given_by(r, g.result({id, 0}).name);
    Value x = g[id].inputs[0];
    if (const Tensor* c = g.constant(x)) {
      const auto& a = g[id].as<FakeQuant>();
      Tensor levels = c->aligned().copy();
      const FakeQuantLevels l(a.min, a.max, a.num_bits, a.narrow_range);
      for (float& v : levels.as_mutable<float>()) v = a.min == a.max ? 0 : l.tflite(v);
      x = g.add_constant(std::move(levels), g.result(x).name, g.result({id, 0}).origin);
    } else if (const Chosen* before = choices.given(x); before ? !(*before->exact == *given.exact) : widest.count(x) && widest[x].second.index != id.index) {
      choices.give({id, 0}, given);
      continue;
    }
    choices.give(x, given);
    g.replace_uses({id, 0}, x);
    g.erase(id);
  }
  if (!problems.empty()) return problems;
  return ok();
}

// The graph changed node by node: each value has a float or a stored form, the other is made where it is read.
class Edit {
  Graph& g_;
  const Choices& choices_;
  const Recipe& recipe_;
  const IntegerPlan& plan_;
  const TrainedRanges& trained_;
  Quantized& done_;
  std::map<Value, Value> now_;                               // a value of the float graph → what computes it now
  std::map<std::pair<Value, const Quant*>, Value> requant_;  // stored forms made by QUANTIZE
  std::map<Value, Value> floats_;                            // made by DEQUANTIZE
  std::multimap<Value, Value> stored_forms_;                 // of constants

 public:
  Edit(Graph& g, const Choices& c, const IntegerPlan& p, const TrainedRanges& t, Quantized& d)
      : g_(g), choices_(c), recipe_(c.recipe()), plan_(p), trained_(t), done_(d) {}

  Status run() {
    inputs();
    for (NodeId id : g_.topological()) {
      if (g_[id].is<Input>() || g_[id].is<Const>() || !g_.alive(id)) continue;
      CHECK_OK(plan_.is_integer(id) ? integer_node(id) : float_node(id));
    }
    return outputs();
  }

 private:
  Value current(Value v) const {
    const auto it = now_.find(v);
    return it == now_.end() ? v : it->second;
  }
  bool stored(Value v) const { return g_.type(v).quant && is_int(g_.type(v).dtype); }

  // The same numbers stored with or without a sign.
  static SharedQuant shifted(const SharedQuant& q, DType from, DType to) {
    if (from == to) return q;
    auto r = std::make_shared<Quant>(*q);
    r->zero_point[0] += to == DType::U8 ? 128 : -128;
    return r;
  }

  Expected<Value> as_float(Value old) {
    const Value v = current(old);
    if (!stored(v)) return v;
    if (const auto it = floats_.find(v); it != floats_.end()) return it->second;
    TRY(const NodeId id, g_.add<Dequantize>({v}, {}, g_.result(old).name + "_float", g_.result(old).origin));
    return floats_[v] = Value{id, 0};
  }

  // Its own range, or what its parameters can say.
  MinMax range_of(Value old, const Quant& q) const {
    const auto own = choices_.range(old);
    return own ? own->range : toucanet::range_of(q, plan_.type());
  }

  void report(const std::string& tensor, std::string source, const MinMax& range, const Quant& q) {
    done_.ranges.push_back({choices_.reported(tensor), std::move(source), range, q});
  }

  // Once for all operators that read it with these parameters.
  Value stored_constant(Value old, const SharedQuant& q, DType type, bool narrow, std::string source, const MinMax& range) {
    for (auto [it, last] = stored_forms_.equal_range(old); it != last; ++it)
      if (const TensorType& t = g_.type(it->second); t.dtype == type && *t.quant == *q) return it->second;
    report(g_.result(old).name, std::move(source), range, *q);
    const Value made = g_.add_constant(quantize_tensor(g_.constant(old)->aligned(), q, type, narrow), g_.result(old).name, g_.result(old).origin);
    return stored_forms_.emplace(old, made)->second;
  }

  // `source`: of the parameters, where they are not the value's own.
  Expected<Value> as_stored(Value old, const SharedQuant& q, DType type, const std::string& source) {
    if (g_.constant(old)) {
      const Chosen own = *choices_.range(old);
      return stored_constant(old, q, type, false, own.source, own.range);
    }
    const Value v = current(old);
    if (stored(v) && g_.type(v).dtype == type && *g_.type(v).quant == *q) return v;
    const SharedQuant own = plan_.of(old);
    const bool is_own = own && *own == *q;
    // What training cut off stays cut off.
    if (!stored(v) && own && !is_own && choices_.given(old)) {
      TRY(now_[old], as_stored(old, own, type, source));
      return as_stored(old, q, type, source);
    }
    const auto key = std::pair(v, q.get());
    if (const auto it = requant_.find(key); it != requant_.end()) return it->second;
    report(g_.result(old).name, is_own ? plan_.source(old) : source, is_own ? range_of(old, *q) : toucanet::range_of(*q, type), *q);
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
      t.quant = shifted(q, plan_.type(), recipe_.input_type);
      const Value made = g_.add_input(std::move(t), g_.result(old).name, g_.result(old).origin);
      g_.inputs.pop_back();
      g_.inputs[i] = made;
      now_[old] = made;
      report(g_.result(made).name, plan_.source(old), range_of(old, *q), *g_.type(made).quant);
    }
  }

  Status float_node(NodeId id) {
    for (size_t i = 0; i < g_[id].inputs.size(); ++i) {
      const Value v = g_[id].inputs[i];
      if (!v || g_.constant(v)) continue;
      TRY(const Value f, as_float(v));
      if (f != v) g_.set_input(id, i, f);
    }
    if (const std::string& why = plan_.reason(id); !why.empty())
      done_.floats.push_back({operator_name(g_[id]), choices_.reported(g_.result({id, 0}).name), why, plan_.lacks_range(id)});
    return ok();
  }

  Status integer_node(NodeId id) {
    const DType type = plan_.type();
    if (g_[id].is<FakeQuant>()) {
      const Value was{id, 0};
      TRY(const Value requantised, as_stored(g_[id].inputs[0], plan_.of(was), type, plan_.source(was)));
      now_[was] = requantised;
      return ok();
    }
    const OpDef& op = *g_[id].op;
    const QuantRule& rule = *op.quant;
    std::vector<Value> in = g_[id].inputs;
    // LiteRT's uint8 CONCATENATION rescales its operands, no other does.
    const bool same = rule.results == QuantRule::Results::Same && !(g_[id].is<Concatenation>() && type == DType::U8 && !recipe_.share_concat_ranges);
    const auto behind = plan_.requantised_behind(id);
    SharedQuant x;  // of the first data operand
    for (size_t i = 0; i < in.size(); ++i) {
      if (!is_f32(g_, in[i]) || !rule.is_data(i)) continue;
      SharedQuant q;
      if (same) q = behind ? plan_.of(*behind) : set_of(id);
      else if (g_.constant(in[i])) q = plan_.constant(in[i]);
      else q = plan_.of(in[i]);
      TRY(in[i], as_stored(in[i], q, type, fmt::format("requantised for {} '{}'", op.tflite.builtin, g_.result({id, 0}).name)));
      if (!x) x = q;
    }
    if (rule.weights >= 0) weights(id, in, rule, *x);
    std::vector<Result> old = g_[id].outputs;
    TRY(const NodeId made, g_.add(op, with_result_type(op, g_[id].attrs, type), std::move(in), old[0].name, old[0].origin));
    for (uint32_t k = 0; k < old.size(); ++k) {
      const Value was{id, k}, is{made, k};
      g_.result(is).name = old[k].name, g_.result(is).origin = old[k].origin;
      now_[was] = is;
      if (old[k].type.dtype != DType::F32) {
        g_.replace_uses(was, is);
        continue;
      }
      const SharedQuant q = plan_.of(was);
      report(old[k].name, plan_.source(was), range_of(was, *q), *q);
      g_.result(is).type.quant = behind ? x : q;
      if (!behind) continue;
      g_.result(is).name += "_before_requantising";
      TRY(const NodeId requant, g_.add<Quantize>({is}, {.result_dtype = type}, old[k].name, old[k].origin));
      now_[was] = Value{requant, 0};
      g_.result(now_[was]).type.quant = q;
    }
    return ok();
  }

  // What the members of a node that moves numbers share: its own result's parameters.
  SharedQuant set_of(NodeId id) {
    for (uint32_t k = 0; k < g_[id].outputs.size(); ++k)
      if (g_[id].outputs[k].type.dtype == DType::F32) return plan_.shared({id, k});
    return plan_.shared(g_[id].inputs[0]);
  }

  void weights(NodeId id, std::vector<Value>& in, const QuantRule& rule, const Quant& x) {
    const auto at = static_cast<size_t>(int{rule.weights});
    const Value old = in[at];
    auto [q, source] =
        quant_of_weights(g_, old, choices_.weights(id) == Granularity::PerTensor ? -1 : rule.weights_axis, choices_.given(old), trained_, plan_.type());
    const auto bias = static_cast<size_t>(int{rule.bias});
    if (rule.bias >= 0 && bias < in.size() && in[bias] && is_f32(g_, in[bias])) {
      const Value b = in[bias];
      const DType stored_bias = plan_.type() == DType::I16 ? recipe_.bias_type : DType::I32;
      in[bias] =
          g_.add_constant(quantize_bias(g_.constant(b)->aligned(), static_cast<double>(x.scale[0]), q, stored_bias), g_.result(b).name, g_.result(b).origin);
      report(g_.result(b).name, "product of scales", {}, *g_.type(in[bias]).quant);
    }
    const bool legacy = plan_.type() == DType::U8;
    in[at] = stored_constant(old, std::make_shared<const Quant>(std::move(q)), legacy ? DType::U8 : DType::I8, !legacy, source, {});
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
      if (g_.result(v).name != name) report(name, plan_.source(old), range_of(old, *g_.type(v).quant), *g_.type(v).quant);
      if (recipe_.output_type == g_.type(v).dtype) {
        g_.set_output(i, v);
        continue;
      }
      Value made;
      if (recipe_.output_type != DType::F32) {
        TRY(const NodeId id, g_.add<Quantize>({v}, {.result_dtype = recipe_.output_type}, name, g_.result(old).origin));
        g_.result({id, 0}).type.quant = shifted(g_.type(v).quant, plan_.type(), recipe_.output_type);
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

Status quantize_integer(Graph& g, Choices& choices, const TrainedRanges& trained, Quantized& done) {
  CHECK_OK(absorb_fake_quant(g, trained, choices, stored_type(choices.recipe().mode)));
  const IntegerPlan plan(g, choices);
  return Edit(g, choices, plan, trained, done).run();
}

}  // namespace toucanet
