#include "passes/fold_constants.h"

#include "ir/limits.h"
#include "runtime/execute.h"

namespace toucanet {
namespace {
// Smaller results are computed at once.
constexpr size_t later_bytes = size_t{1} << 20;

// Integers that inference knows, as a tensor; nullopt if one is missing.
std::optional<Tensor> known_value(const Result& r) {
  if (!r.ints || !r.type.shape.is_static() || (r.type.dtype != DType::I32 && r.type.dtype != DType::I64)) return std::nullopt;
  const auto dims = r.type.shape.to_vector();
  if (limits::product(dims) != static_cast<int64_t>(r.ints->size())) return std::nullopt;
  Tensor t = Tensor::zeros(r.type.dtype, dims);
  for (size_t i = 0; i < r.ints->size(); ++i) {
    if (!(*r.ints)[i].known()) return std::nullopt;
    const int64_t v = (*r.ints)[i].value();
    if (t.dtype == DType::I32) t.as_mutable<int32_t>()[i] = static_cast<int32_t>(v);
    else t.as_mutable<int64_t>()[i] = v;
  }
  return t;
}
}  // namespace

bool fold_constants(Graph& g, NodeId id, size_t& budget, std::vector<NodeId>& touched) {
  const Node& n = g[id];
  if (n.is<Const>() || n.is<Input>() || n.op->is(Effect) || n.op->is(Random) || n.op->is(Keep)) return false;
  std::vector<Tensor> values;
  std::vector<Value> operands;
  bool constant = true;
  for (Value v : n.inputs) {
    if (!v) continue;
    constant = constant && g[v].constant;
    if (g[v].constant) operands.push_back(v);
  }
  if (n.outputs.size() == 1) {
    if (auto t = known_value(n.outputs[0])) values.push_back(std::move(*t));
  }
  if (values.empty()) {
    if (!constant || n.inputs.empty() || !n.op->eval) return false;
    size_t in_bytes = 0, out_bytes = 0;
    for (Value v : operands) in_bytes += g.constant(v)->bytes();
    for (const auto& r : n.outputs) {
      const Dim d = r.type.shape.elements();
      if (d.known() && d.value() > (int64_t{1} << 31)) return false;
      out_bytes += d.known() ? static_cast<size_t>(std::max<int64_t>(d.value(), 0)) * std::max<size_t>(1, byte_size(r.type.dtype)) : 0;
    }
    const size_t added = out_bytes > in_bytes ? out_bytes - in_bytes : 0;
    if (added > budget) return false;
    std::vector<const Tensor*> in;
    for (Value v : n.inputs) in.push_back(g.constant(v));
    budget -= added;
    if (n.op->eval_later && out_bytes >= later_bytes && byte_size(n.outputs[0].type.dtype) > 0) {
      values.push_back(n.op->eval_later(in));
    } else {
      auto out = evaluate(n, g.module(), std::move(in));
      if (!out) return budget += added, false;  // reported when it runs
      values = std::move(*out);
    }
  }
  Origins& origins = *g.module().origins;
  OriginId origin;
  for (Value v : operands) origin = origins.merge(origin, g.result(v).origin, nullptr);
  for (uint32_t s = 0; s < values.size(); ++s) {
    const Value old{id, s};
    if (g.uses(old).empty()) continue;
    const OriginId o = origins.merge(origin, g.result(old).origin, "fold_constants");
    const Value now = g.add_constant(std::move(values[s]), g.result(old).name, o);
    g.replace_uses(old, now);
    for (const Use& u : g.uses(now))
      if (u.node) touched.push_back(u.node);
  }
  return true;
}

}  // namespace toucanet
