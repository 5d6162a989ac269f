#include "quantize/weights.h"

#include "ir/text.h"
#include "ops/batch_matmul/batch_matmul.h"
#include "ops/dequantize/dequantize.h"
#include "passes/remove_dead.h"
#include "quantize/quant_rule.h"

namespace toucanet {
namespace {

constexpr float largest_half = 65504;

Tensor as_halves(const Tensor& t) {
  Tensor r = Tensor::zeros(DType::F16, t.dims);
  const Tensor from = t.aligned();
  const auto x = from.as<float>();
  auto y = r.as_mutable<uint16_t>();
  for (size_t i = 0; i < y.size(); ++i) y[i] = float_to_half(std::isfinite(x[i]) ? std::clamp(x[i], -largest_half, largest_half) : x[i]);
  return r;
}

// The same attributes with a flag of this name set, where there is one.
Attrs with_flag(const OpDef& op, const Attrs& a, std::string_view name) {
  auto p = a.empty() ? op.attrs->make() : op.attrs->clone(a.raw());
  for (const FieldRef& f : op.attrs->fields(p.get()))
    if (f.name == name && f.kind == FieldKind::Bool) {
      *static_cast<bool*>(f.p) = true;
      return Attrs(*op.attrs, std::move(p));
    }
  return a;
}

struct WeightPass {
  Graph& g;
  const Recipe& recipe;
  Quantized& done;
  std::map<Value, Value> widened = {};  // constant → the DEQUANTIZE of its stored form

  // The floats of a stored constant, for readers without a kernel of their own.
  Expected<Value> widen(Value constant, Tensor stored) {
    const auto found = widened.find(constant);
    if (found != widened.end()) return found->second;
    const Result old = g.result(constant);
    const Value c = g.add_constant(std::move(stored), old.name, old.origin);
    TRY(const NodeId id, g.add<Dequantize>({c}, {}, old.name + "_dequantize", old.origin));
    return widened[constant] = Value{id, 0};
  }

  Status half(NodeId id) {
    for (size_t i = 0; i < g[id].inputs.size(); ++i) {
      const Value v = g[id].inputs[i];
      if (!v || !g.constant(v) || g.type(v).dtype != DType::F32) continue;
      TRY(const Value w, widen(v, as_halves(*g.constant(v))));
      g.set_input(id, i, w);
    }
    return ok();
  }

  Status int8(NodeId id) {
    const OpDef& op = *g[id].op;
    const bool matmul = g[id].is<BatchMatmul>();
    const int at = matmul ? 1 : !op.quant ? -1 : op.quant->weights;
    if (at < 0 || static_cast<size_t>(at) >= g[id].inputs.size()) return ok();
    const Value v = g[id].inputs[static_cast<size_t>(at)];
    if (!v || !g.constant(v) || g.type(v).dtype != DType::F32 || g.constant(v)->elements() < recipe.min_weight_elements) return ok();
    const int axis = matmul ? -1 : op.quant->weights_axis;
    const Tensor w = g.constant(v)->aligned();
    auto quant = std::make_shared<const Quant>(weight_quant(w, axis));
    Tensor stored = quantize_tensor(w, quant, DType::I8, true);
    done.ranges.push_back({g.result(v).name, axis < 0 ? "its own values" : "its own values, per channel", {}, *quant});
    const bool hybrid = recipe.mode == QuantMode::DynamicRange && at == 1 && op.tflite.hybrid.has(DType::I8);
    if (!hybrid) {
      TRY(const Value floats, widen(v, std::move(stored)));
      g.set_input(id, static_cast<size_t>(at), floats);
      return ok();
    }
    const Value c = g.add_constant(std::move(stored), g.result(v).name, g.result(v).origin);
    auto inputs = g[id].inputs;
    inputs[1] = c;
    const Result old = g.result({id, 0});
    TRY(const NodeId made, g.add(op, with_flag(op, g[id].attrs, "asymmetric_quantize_inputs"), std::move(inputs), old.name, old.origin));
    g.replace_uses({id, 0}, {made, 0});
    return ok();
  }
};

}  // namespace

Status quantize_weights(Module& m, const Recipe& r, Quantized& done) {
  for (Graph& g : m.graphs) {
    WeightPass pass{g, r, done};
    for (NodeId id : g.topological()) {
      if (!g.alive(id) || g[id].is<Input>() || g[id].is<Const>()) continue;
      CHECK_OK(r.mode == QuantMode::Float16 ? pass.half(id) : pass.int8(id));
    }
  }
  return ok();
}

Status verify_quantized(Module& m) {
  for (Graph& g : m.graphs) remove_dead(g);
  return verify(m);
}

}  // namespace toucanet
