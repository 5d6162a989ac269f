#include "quantize/weights.h"

#include <algorithm>
#include <cmath>

#include "ir/text.h"
#include "ops/batch_matmul/batch_matmul.h"
#include "ops/dequantize/dequantize.h"
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

// Whether the weights are whole numbers of these scales, −127 to 127.
bool on_grid(const Tensor& w, int axis, const std::vector<float>& scales) {
  bool fits = true;
  for_each_channel(w, axis, [&](int64_t i, int64_t c) {
    const double q = w.number(i) / static_cast<double>(scales[scales.size() == 1 ? 0 : static_cast<size_t>(c)]);
    fits = fits && std::fabs(q) < 127.001 && std::fabs(q - std::round(q)) < 1e-3;
  });
  return fits;
}

// The scales that training gave these weights, as they are now: multiplied with what was folded into them.
std::optional<WeightQuant> trained_weights(const Tensor& w, int axis, const TrainedRange& t) {
  const size_t channels = axis < 0 ? 1 : static_cast<size_t>(w.dims[static_cast<size_t>(axis)]);
  WeightQuant r{{}, t.source};
  r.quant.axis = std::max(axis, 0);
  const auto scale = [&](const Range& range) { return trained_quant(range, t.num_bits, t.narrow, DType::I8).scale[0]; };
  if (t.channels.empty()) r.quant.scale = {scale(t.range)};
  else if (t.channels.size() == channels)
    for (const Range& c : t.channels) r.quant.scale.push_back(scale(c));
  if (r.quant.scale.empty() || !on_grid(w, axis, r.quant.scale)) {
    auto grid = grid_of(w, axis, 127);
    if (!grid) return std::nullopt;
    for (float& s : *grid) s = std::max(s, static_cast<float>(least_scale));
    r.quant.scale = std::move(*grid);
    r.source += ", and what was folded into the weights since";
  }
  r.quant.zero_point.assign(r.quant.scale.size(), 0);
  return r;
}

struct WeightPass {
  Graph& g;
  const Choices& choices;
  const TrainedRanges& trained;
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

  Status int8(NodeId id, QuantMode mode) {
    const OpDef& op = *g[id].op;
    const bool matmul = g[id].is<BatchMatmul>();
    const int at = matmul ? 1 : !op.quant ? -1 : op.quant->weights;
    if (at < 0 || static_cast<size_t>(at) >= g[id].inputs.size()) return ok();
    const Value v = g[id].inputs[static_cast<size_t>(at)];
    if (!v || !g.constant(v) || g.type(v).dtype != DType::F32 || g.constant(v)->elements() < choices.recipe().min_weight_elements) return ok();
    if (const auto why = unfit_constant(*g.constant(v), true); !why.empty()) {
      done.floats.push_back({std::string(op.tflite.builtin), g.result({id, 0}).name, fmt::format("operand {} {}", at, why)});
      return ok();
    }
    const int axis = matmul || choices.weights(id) == Granularity::PerTensor ? -1 : op.quant->weights_axis;
    auto [made_quant, source] = quant_of_weights(g, v, axis, nullptr, trained, DType::I8);
    auto quant = std::make_shared<const Quant>(std::move(made_quant));
    Tensor stored = quantize_tensor(g.constant(v)->aligned(), quant, DType::I8, true);
    done.ranges.push_back({g.result(v).name, source, {}, *quant});
    const bool hybrid = mode == QuantMode::DynamicRange && at == 1 && op.tflite.hybrid.has(DType::I8);
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

WeightQuant quant_of_weights(const Graph& g, Value v, int axis, const Chosen* given, const TrainedRanges& trained, DType activation) {
  const Tensor w = g.constant(v)->aligned();
  if (activation == DType::U8) {
    if (given && given->exact) return {*given->exact, given->source};
    Range r{0, 0};
    for (int64_t i = 0; i < w.elements(); ++i) r.join({w.number(i), w.number(i)});
    for (std::string_view node : g.module().origins->names(g.result(v).origin))
      if (const auto t = trained.nodes.find(std::string(node));
          t != trained.nodes.end() && t->second.channels.empty() && t->second.range.min <= r.min && t->second.range.max >= r.max)
        return {trained_quant(t->second.range, t->second.num_bits, t->second.narrow, DType::U8), t->second.source};
    return {activation_quant(r, DType::U8), "its own values"};
  }
  if (given && given->exact && on_grid(w, -1, given->exact->scale)) return {{.scale = given->exact->scale, .zero_point = {0}}, given->source};
  for (std::string_view node : g.module().origins->names(g.result(v).origin))
    if (const auto t = trained.nodes.find(std::string(node)); t != trained.nodes.end())
      if (auto q = trained_weights(w, axis, t->second)) return std::move(*q);
  return {weight_quant(w, axis), axis < 0 ? "its own values" : "its own values, per channel"};
}

Status quantize_weights(Module& m, const Choices& choices, const TrainedRanges& trained, Quantized& done) {
  for (Graph& g : m.graphs) {
    WeightPass pass{g, choices, trained, done};
    for (NodeId id : g.topological()) {
      if (!g.alive(id) || g[id].is<Input>() || g[id].is<Const>()) continue;
      const QuantMode mode = choices.mode(id);
      if (mode == QuantMode::Float16) CHECK_OK(pass.half(id));
      if (mode == QuantMode::DynamicRange || mode == QuantMode::WeightOnly) CHECK_OK(pass.int8(id, mode));
    }
  }
  return ok();
}

}  // namespace toucanet
