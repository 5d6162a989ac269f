#include "quantize/integer_plan.h"

#include <algorithm>
#include <cmath>

#include "ops/concatenation/concatenation.h"
#include "ops/custom/custom.h"
#include "ops/fake_quant/fake_quant.h"

namespace toucanet {
namespace {

constexpr std::string_view no_floats = "it computes no floats";

bool calls_graphs(const Node& n) {
  const auto fields = n.attrs.fields();
  return std::any_of(fields.begin(), fields.end(), [](const FieldRef& f) { return f.kind == FieldKind::Graph; });
}

uint64_t elements(const Graph& g, Value v) {
  const Shape& s = g.type(v).shape;
  if (!s.ranked()) return 1;
  uint64_t n = 1;
  for (const Dim& d : s.dims()) n *= d.known() ? static_cast<uint64_t>(d.value()) : 1;
  return n;
}

// Operands that take the result's parameters, of an operator whose results are Same.
bool shares(const Graph& g, const Choices& c, const Node& n, size_t i) {
  return is_f32(g, n.inputs[i]) && rule_of(n)->is_data(i) && !g.constant(n.inputs[i]) && (c.recipe().share_concat_ranges || !n.is<Concatenation>());
}

}  // namespace

const QuantRule* rule_of(const Node& n) { return n.is<FakeQuant>() ? &quant_rules::free : n.op->quant; }

MinMax range_of(const Quant& q, DType t) {
  const double s = static_cast<double>(q.scale[0]), z = static_cast<double>(q.zero_point[0]);
  const auto [low, high] = stored_limits(t);
  return {s * (low - z), s * (high - z)};
}

IntegerPlan::IntegerPlan(const Graph& g, const Choices& c) : g_(g), choices_(c), type_(stored_type(c.recipe().mode)) {
  for (NodeId id : g.topological()) {
    if (g[id].is<Input>() || g[id].is<Const>()) continue;
    if (std::string why = refuses(id); !why.empty()) floats_[id.index] = std::move(why);
    else fix(id);
  }
  // A node that drops out may leave others without a range.
  for (bool settled = false; !settled;) {
    parent_.clear(), sets_.clear();
    join();
    add_ranges();
    if (without_range()) continue;
    solve();
    settled = !beyond_kernels();
  }
}

const std::string& IntegerPlan::reason(NodeId id) const {
  static const std::string none;
  const auto it = floats_.find(id.index);
  return it == floats_.end() || it->second == no_floats ? none : it->second;
}

Value IntegerPlan::root(Value v) const {
  for (auto it = parent_.find(v); it != parent_.end(); it = parent_.find(v)) v = it->second;
  return v;
}

SharedQuant IntegerPlan::shared(Value v) const {
  const auto it = sets_.find(root(v));
  return it == sets_.end() ? nullptr : it->second.exact;
}

SharedQuant IntegerPlan::of(Value v) const {
  const auto it = own_.find(v);
  return it == own_.end() ? shared(v) : it->second;
}

SharedQuant IntegerPlan::constant(Value v) const {
  const Chosen c = *choices_.range(v);
  return c.exact ? c.exact : std::make_shared<const Quant>(activation_quant(c.range, type_));
}

// Of a node that moves numbers from one float to one other; absent: it is no such node.
Value IntegerPlan::only_operand(const Node& n) const {
  if (n.outputs.size() != 1 || n.outputs[0].type.dtype != DType::F32) return {};
  Value only;
  for (size_t i = 0; i < n.inputs.size(); ++i) {
    if (!is_f32(g_, n.inputs[i]) || !rule_of(n)->is_data(i)) continue;
    if (only || g_.constant(n.inputs[i])) return {};
    only = n.inputs[i];
  }
  return only;
}

std::optional<Value> IntegerPlan::requantised_behind(NodeId id) const {
  const QuantRule& rule = *rule_of(g_[id]);
  if (rule.results != QuantRule::Results::Same) return std::nullopt;
  const Value x = only_operand(g_[id]), y{id, 0};
  if (!x || root(x) == root(y) || (!rule.averages && elements(g_, x) < elements(g_, y))) return std::nullopt;
  return x;
}

std::string IntegerPlan::source(Value v) const {
  const OpDef& op = *g_[v].op;
  if (own_.count(v)) return fmt::format("fixed by {}", op.tflite.builtin);
  const auto mine = choices_.range(v);
  const auto set = sets_.find(root(v));
  const std::string source = set != sets_.end() && (!mine || mine->source != set->second.source) ? set->second.source : mine ? mine->source : "";
  const bool shares = op.quant && op.quant->results == QuantRule::Results::Same;
  return shares ? shared_along(v, source) : source;
}

std::string IntegerPlan::shared_along(Value v, const std::string& source) const {
  const Node& n = g_[v];
  std::string with;
  for (size_t i = n.inputs.size(); i-- > 0;)
    if (is_f32(g_, n.inputs[i]) && rule_of(n)->is_data(i) && root(n.inputs[i]) == root(v)) with = fmt::format(" with '{}'", g_.result(n.inputs[i]).name);
  return with.empty() ? source : fmt::format("shared along {}{}: {}", n.op->tflite.builtin, with, source);
}

std::string IntegerPlan::refuses(NodeId id) const {
  const Node& n = g_[id];
  bool floats = std::any_of(n.inputs.begin(), n.inputs.end(), [&](Value v) { return is_f32(g_, v); });
  for (const Result& r : n.outputs) floats = floats || r.type.dtype == DType::F32;
  if (!floats) return std::string(no_floats);
  if (choices_.mode(id) != choices_.recipe().mode) return fmt::format("a rule of the recipe says {}", name(choices_.mode(id)));
  const QuantRule* q = rule_of(n);
  if (!q) return n.is<Custom>() ? "a custom operator takes floats" : calls_graphs(n) ? "it hands floats to the graphs that it calls" : "no integer kernel";
  const TfliteForm& form = n.op->tflite;
  // The rules say what TensorFlow's quantiser does in int8 and int16, LiteRT's kernels what can be run.
  const bool runs = n.op->eval_quantized ? form.quantized.has(type_) : n.op->is(Movement) && (form.types.empty() || form.types.has(type_));
  const bool takes = n.is<FakeQuant>() || (runs && (type_ == DType::U8 || q->types.has(type_)));
  if (!takes) return fmt::format("no {} kernel", tf_name(type_));
  for (size_t i = 0; i < n.inputs.size(); ++i) {
    const Value v = n.inputs[i];
    if (!is_f32(g_, v)) continue;
    const bool weights = static_cast<int>(i) == q->weights || static_cast<int>(i) == q->bias;
    if (weights && !g_.constant(v)) return fmt::format("operand {} is no constant", i);
    if (!weights && !q->is_data(i)) return fmt::format("operand {} is a float that no integer kernel takes", i);
    if (const Tensor* c = g_.constant(v))
      if (const auto why = unstorable(*c, q->results == QuantRule::Results::Same); !why.empty())
        return fmt::format("its constant '{}' {}", g_.result(v).name, why);
  }
  return {};
}

void IntegerPlan::fix(NodeId id) {
  const QuantRule& rule = *rule_of(g_[id]);
  if (rule.results != QuantRule::Results::Fixed) return;
  auto q = std::make_shared<Quant>();
  q->scale = {type_ == DType::I16 ? rule.fixed_scale_i16 : rule.fixed_scale};
  q->zero_point = {type_ == DType::I16 ? 0 : rule.fixed_zero_point + (type_ == DType::U8 ? 128 : 0)};
  own_[{id, 0}] = std::move(q);
}

void IntegerPlan::unite(Value a, Value b) {
  a = root(a), b = root(b);
  if (a == b) return;
  Set &x = sets_[a], &y = sets_[b];
  if (x.exact && y.exact && !(*x.exact == *y.exact)) return;
  if (!x.exact) x.exact = y.exact;
  parent_[b] = a;
  sets_.erase(b);
}

// The edges with most elements first: what stays cut has the fewest.
void IntegerPlan::join() {
  struct Edge {
    uint64_t cost;
    Value operand, result;
  };
  std::vector<Edge> edges;
  const auto exact = [&](Value v) {
    if (const auto c = choices_.given(v); c && c->exact && !own_.count(v)) sets_[v].exact = c->exact;
  };
  for (NodeId id : g_.topological()) {
    const Node& n = g_[id];
    for (uint32_t k = 0; k < n.outputs.size(); ++k) exact({id, k});
    if (!is_integer(id) || rule_of(n)->results != QuantRule::Results::Same) continue;
    std::optional<Value> first;
    for (uint32_t k = 0; k < n.outputs.size(); ++k)
      if (n.outputs[k].type.dtype == DType::F32) {
        if (first) edges.push_back({~uint64_t{0}, *first, {id, k}});
        else first = Value{id, k};
      }
    for (size_t i = 0; first && i < n.inputs.size(); ++i)
      if (shares(g_, choices_, n, i)) {
        const bool either_side = only_operand(n) == n.inputs[i];
        edges.push_back({either_side ? std::min(elements(g_, n.inputs[i]), elements(g_, *first)) : elements(g_, n.inputs[i]), n.inputs[i], *first});
      }
  }
  std::stable_sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.cost > b.cost; });
  for (const Edge& e : edges) unite(e.operand, e.result);
}

// Of values that are only chosen from (MAXIMUM, SELECT, …) those count that are chosen: the result's range says enough.
bool IntegerPlan::range_is_of_no_use(Value v) const {
  const auto& uses = g_.uses(v);
  if (uses.size() != 1 || !uses[0].node || !is_integer(uses[0].node)) return false;
  const Node& reader = g_[uses[0].node];
  const QuantRule& rule = *rule_of(reader);
  if (rule.results != QuantRule::Results::Same || !rule.is_data(uses[0].index)) return false;
  size_t operands = 0;
  for (size_t i = 0; i < reader.inputs.size(); ++i) operands += is_f32(g_, reader.inputs[i]) && rule.is_data(i);
  return operands > 1 && root(v) == root({uses[0].node, 0});
}

// One set, one range: the union of its members'.
void IntegerPlan::add_ranges() {
  for (NodeId id : g_.topological())
    for (uint32_t k = 0; k < g_[id].outputs.size(); ++k) {
      const Value v{id, k};
      if (!is_f32(g_, v) || g_.constant(v)) continue;
      const auto own = own_.find(v);
      const bool stored = own != own_.end() && is_integer(id);
      std::optional<Chosen> c;
      if (stored) c = Chosen{range_of(*own->second, type_), nullptr, fmt::format("fixed by {}", g_[id].op->tflite.builtin)};
      else c = choices_.range(v);
      if (!c || (!stored && !c->exact && range_is_of_no_use(v))) continue;
      Set& set = sets_[root(v)];
      if (set.range) set.range->join(c->range);
      else set.range = c->range, set.source = c->source;
      // Training's parameters speak for all.
      if (c->exact && set.exact && *c->exact == *set.exact) set.source = c->source;
    }
}

bool IntegerPlan::without_range() {
  bool changed = false;
  const auto known = [&](Value v) {
    const auto it = sets_.find(root(v));
    return it != sets_.end() && (it->second.range || it->second.exact);
  };
  for (NodeId id : g_.topological()) {
    const Node& n = g_[id];
    if (!is_integer(id)) continue;
    const QuantRule& q = *rule_of(n);
    Value lost;
    for (size_t i = 0; i < n.inputs.size(); ++i)
      if (is_f32(g_, n.inputs[i]) && q.is_data(i) && !g_.constant(n.inputs[i]) && !known(n.inputs[i])) lost = n.inputs[i];
    if (q.results != QuantRule::Results::Raw && q.results != QuantRule::Results::Fixed)
      for (uint32_t k = 0; k < n.outputs.size(); ++k)
        if (n.outputs[k].type.dtype == DType::F32 && !known({id, k})) lost = {id, k};
    if (!lost) continue;
    floats_[id.index] = fmt::format("'{}' has no range: {}", g_.result(lost).name, choices_.why_no_range(lost));
    lost_.insert(id.index);
    own_.erase({id, 0});
    changed = true;
  }
  return changed;
}

QuantRule::Stored IntegerPlan::stored(Value v) const {
  const Tensor* t = g_.constant(v);
  const SharedQuant q = t ? constant(v) : of(v);
  if (!q) return {};
  const auto c = choices_.range(v);
  const MinMax r = c ? c->range : range_of(*q, type_);
  QuantRule::Stored s{static_cast<double>(q->scale[0]), r.min, r.max, std::max({0.0, r.min, -r.max})};
  if (t && t->elements()) {
    const Tensor all = t->aligned();
    s.least = std::fabs(all.number(0));
    for (int64_t i = 1; i < all.elements(); ++i) s.least = std::min(s.least, std::fabs(all.number(i)));
  }
  return s;
}

bool IntegerPlan::beyond_kernels() {
  bool changed = false;
  for (NodeId id : g_.topological()) {
    const Node& n = g_[id];
    const auto refuses = is_integer(id) ? rule_of(n)->refuses : nullptr;
    if (!refuses) continue;
    const std::string_view why = refuses(type_, stored(n.inputs[0]), n.inputs.size() > 1 ? stored(n.inputs[1]) : QuantRule::Stored{}, stored({id, 0}));
    if (why.empty()) continue;
    floats_[id.index] = why;
    changed = true;
  }
  return changed;
}

// Where a set's range is what one member has fixed, that member's parameters serve all.
void IntegerPlan::solve() {
  std::map<Value, std::vector<SharedQuant>> fixed;
  for (const auto& [v, q] : own_) fixed[root(v)].push_back(q);
  for (auto& [at, set] : sets_) {
    if (set.exact || !set.range) continue;
    for (const SharedQuant& q : fixed[at]) {
      const MinMax f = range_of(*q, type_);
      if (set.range->min >= f.min - 1e-6 && set.range->max <= f.max + static_cast<double>(q->scale[0])) set.exact = q;
    }
    if (!set.exact) set.exact = std::make_shared<const Quant>(activation_quant(*set.range, type_));
  }
}

}  // namespace toucanet
