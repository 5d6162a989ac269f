#include "quantize/choices.h"

#include <algorithm>
#include <cmath>

#include "ir/quant_rule.h"
#include "quantize/stored_range.h"

namespace toucanet {
namespace {

constexpr double least_infinity = 1e30;
constexpr double infinity = std::numeric_limits<double>::infinity();

MinMax range_of(const Tensor& t) {
  MinMax r{infinity, -infinity};
  for (int64_t i = 0; i < t.elements(); ++i) r.join({t.number(i), t.number(i)});
  return r;
}

// Of an activation that is always nearly the same: as TensorFlow widens what it observed, by a millionth beyond 0.
MinMax widened(MinMax r) { return r.max - r.min > 1e-6 ? r : MinMax{std::min(r.min, -1e-6), std::max(r.max, 1e-6)}; }

// A constant among what an operator moves or chooses from that stands for infinity: such numbers say nothing of a range,
// stored they are the least or greatest. The other operand then; absent: there is no such constant.
Value beside_infinity(const Graph& g, Value v) {
  const Node& n = g[v];
  if (!n.op->quant || n.op->quant->results != QuantRule::Results::Same) return {};
  bool infinite = false;
  Value other;
  for (size_t i = 0; i < n.inputs.size(); ++i) {
    const Value x = n.inputs[i];
    if (!x || g.type(x).dtype != DType::F32 || !n.op->quant->is_data(i)) continue;
    const Tensor* c = g.constant(x);
    if (!c) other = x;
    for (int64_t k = 0; c && k < c->elements(); ++k) infinite = infinite || std::fabs(c->number(k)) >= least_infinity;
  }
  return infinite ? other : Value{};
}

bool any_node(const Graph& g, const std::string& pattern, OriginId origin) {
  const auto names = g.module().origins->names(origin);
  return std::any_of(names.begin(), names.end(), [&](std::string_view n) { return matches(pattern, n); });
}

}  // namespace

Choices::Choices(const Graph& g, std::span<const ObservedValue> observed, const Recipe& r, const Observations& o) : g_(g), recipe_(r), seen_(o) {
  for (const ObservedValue& v : observed) seen_as_.emplace(v.value, v.name);
}

std::string Choices::reported(const std::string& tensor) const { return &g_ == &g_.module().main() ? tensor : g_.name + "::" + tensor; }

bool Choices::selects(const Rule& r, NodeId id) const {
  const Node& n = g_[id];
  const bool op = matches(r.op, n.op->name) || matches(r.op, n.op->tflite.builtin);
  const auto named = [&](Value v) { return matches(r.tensor, g_.result(v).name); };
  bool node = r.node.empty(), tensor = r.tensor.empty();
  for (uint32_t k = 0; k < n.outputs.size(); ++k) {
    node = node || any_node(g_, r.node, n.outputs[k].origin);
    tensor = tensor || named({id, k});
  }
  for (Value v : n.inputs) tensor = tensor || (v && g_.constant(v) && named(v));
  return op && node && tensor;
}

bool Choices::selects(const Rule& r, Value v) const {
  const OpDef& op = *g_[v].op;
  return (matches(r.op, op.name) || matches(r.op, op.tflite.builtin)) && (r.node.empty() || any_node(g_, r.node, g_.result(v).origin)) &&
         matches(r.tensor, g_.result(v).name);
}

QuantMode Choices::mode(NodeId id) const {
  QuantMode m = recipe_.mode;
  for (const Rule& r : recipe_.rules)
    if (r.mode && selects(r, id)) m = *r.mode;
  return m;
}

Granularity Choices::weights(NodeId id) const {
  Granularity w = recipe_.mode == QuantMode::UInt8 ? Granularity::PerTensor : recipe_.weights;
  for (const Rule& r : recipe_.rules)
    if (r.weights && selects(r, id)) w = *r.weights;
  return w;
}

std::optional<Chosen> Choices::range(Value v) const {
  if (const Tensor* t = g_.constant(v)) {
    if (const Chosen* c = given(v)) return *c;
    if (!t->elements()) return std::nullopt;
    return Chosen{range_of(*t), nullptr, "its own values"};
  }
  const Result& result = g_.result(v);
  const DType type = stored_type(recipe_.mode);
  RangeChoice how = recipe_.ranges;
  std::optional<Chosen> ruled;
  for (size_t i = 0; i < recipe_.rules.size(); ++i) {
    const Rule& r = recipe_.rules[i];
    if ((!r.ranges && !r.range) || !selects(r, v)) continue;
    if (r.ranges) how = *r.ranges;
    if (r.range) ruled = Chosen{*r.range, nullptr, fmt::format("given by rule {}", i)};
  }
  if (ruled) return ruled;
  if (const Chosen* c = given(v)) return *c;
  if (const auto it = recipe_.input_stats.find(result.name); it != recipe_.input_stats.end() && g_[v].is<Input>()) {
    return Chosen{range_of(it->second, recipe_), nullptr, fmt::format("mean {} and deviation {} of the input", it->second.mean, it->second.std)};
  }
  if (const Value other = beside_infinity(g_, v)) return range(other);
  const auto name = seen_as_.find(v);
  if (const auto it = name == seen_as_.end() ? seen_.tensors.end() : seen_.tensors.find(name->second); it != seen_.tensors.end())
    return Chosen{
        widened(it->second.by(how, type)), nullptr,
        fmt::format("calibration: {} of {} sample{}", range_algorithm_names[static_cast<size_t>(how.algorithm)], seen_.samples, seen_.samples == 1 ? "" : "s")};
  if (const auto kept = kept_range(result.type)) return Chosen{widened(*kept), nullptr, "stored in the file"};
  if (recipe_.default_range) return Chosen{*recipe_.default_range, nullptr, "given default"};
  return std::nullopt;
}

std::string Choices::why_no_range(Value v) const {
  if (const Quant* q = g_.type(v).quant.get(); q && !q->min.empty() && !q->max.empty() && !kept_range(g_.type(v)))
    return fmt::format("[{}, {}] is stored in the file, which is none", fmt::join(q->min, " "), fmt::join(q->max, " "));
  return seen_.samples ? "it was never computed" : "none is given, stored or observed";
}

}  // namespace toucanet
