#include "quantize/weights.h"

#include <algorithm>
#include <cmath>

#include "ir/quant_rule.h"
#include "ir/text.h"
#include "ops/batch_matmul/batch_matmul.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"
#include "ops/dequantize/dequantize.h"

namespace toucanet {
namespace {

constexpr float largest_half = 65504;
// Elements: what widens a smaller table takes more bytes in the file, about 230, than the table loses.
constexpr int64_t least_table = 80;

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
  const auto scale = [&](const MinMax& range) { return trained_quant(range, t.num_bits, t.narrow, DType::I8).scale[0]; };
  if (t.channels.empty()) r.quant.scale = {scale(t.range)};
  else if (t.channels.size() == channels)
    for (const MinMax& c : t.channels) r.quant.scale.push_back(scale(c));
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
  std::map<Value, Value> widened = {};                               // stored form → its DEQUANTIZE
  std::map<std::tuple<Value, DType, int, bool>, Value> stored = {};  // constant, type, axis of its scales, whether one in all is repeated → its stored form

  // The floats of a stored constant, for readers without a kernel of their own.
  Expected<Value> widen(Value small) {
    if (const auto found = widened.find(small); found != widened.end()) return found->second;
    const Result old = g.result(small);
    TRY(const NodeId id, g.add<Dequantize>({small}, {}, old.name + "_dequantize", old.origin));
    return widened[small] = Value{id, 0};
  }

  Status half(NodeId id) {
    for (size_t i = 0; i < g[id].inputs.size(); ++i) {
      const Value v = g[id].inputs[i];
      if (!v || !g.constant(v) || g.type(v).dtype != DType::F32) continue;
      const auto [at, is_new] = stored.try_emplace({v, DType::F16, -1, false});
      if (is_new) at->second = g.add_constant(as_halves(*g.constant(v)), g.result(v).name, g.result(v).origin);
      TRY(const Value w, widen(at->second));
      g.set_input(id, i, w);
    }
    return ok();
  }

  // A constant that is to be stored as int8. `reader`: is told of where it cannot.
  bool takes(Value v, NodeId reader) const {
    if (!v || !g.constant(v) || g.type(v).dtype != DType::F32 || g.constant(v)->elements() < choices.recipe().min_weight_elements) return false;
    const std::string why = unstorable(*g.constant(v));
    if (!why.empty() && g.constant(v)->elements())
      done.floats.push_back({std::string(g[reader].op->tflite.builtin), choices.reported(g.result({reader, 0}).name),
                             fmt::format("its constant '{}' {}", g.result(v).name, why)});
    return why.empty();
  }

  // Once for all operators that read it with scales along this axis. `repeated`: the axis along which a scale in all is
  // written for every index; −1: once.
  Value stored_int8(Value constant, int axis, int repeated = -1) {
    const auto [at, is_new] = stored.try_emplace({constant, DType::I8, axis, repeated >= 0});
    if (!is_new) return at->second;
    auto [made, source] = quant_of_weights(g, constant, axis, nullptr, trained, DType::I8);
    if (repeated >= 0 && made.scale.size() == 1) {
      const auto channels = static_cast<size_t>(g.constant(constant)->dims[static_cast<size_t>(repeated)]);
      made.scale.assign(channels, float{made.scale[0]}), made.zero_point.assign(channels, 0), made.axis = repeated;
    }
    const auto quant = std::make_shared<const Quant>(std::move(made));
    done.ranges.push_back({choices.reported(g.result(constant).name), source, {}, *quant});
    const Result old = g.result(constant);
    return at->second = g.add_constant(quantize_tensor(g.constant(constant)->aligned(), quant, DType::I8, true), old.name, old.origin);
  }

  Status int8(NodeId id, QuantMode mode) {
    const OpDef& op = *g[id].op;
    const bool matmul = g[id].is<BatchMatmul>();
    const int at = matmul ? 1 : !op.quant ? -1 : op.quant->weights;
    if (at < 0) return table(id);
    if (static_cast<size_t>(at) >= g[id].inputs.size() || !takes(g[id].inputs[static_cast<size_t>(at)], id)) return ok();
    const Value v = g[id].inputs[static_cast<size_t>(at)];
    const int axis = matmul || choices.weights(id) == Granularity::PerTensor ? -1 : op.quant->weights_axis;
    const bool hybrid = mode == QuantMode::DynamicRange && at == 1 && op.tflite.hybrid.has(DType::I8);
    // LiteRT's kernel reads a scale for each channel.
    const Value small = stored_int8(v, axis, hybrid && g[id].is<DepthwiseConv2D>() ? op.quant->weights_axis : -1);
    if (!hybrid) {
      TRY(const Value floats, widen(small));
      g.set_input(id, static_cast<size_t>(at), floats);
      return ok();
    }
    auto inputs = g[id].inputs;
    inputs[1] = small;
    const Result old = g.result({id, 0});
    TRY(const NodeId made, g.add(op, with_flag(op, g[id].attrs, "asymmetric_quantize_inputs"), std::move(inputs), old.name, old.origin));
    g.replace_uses({id, 0}, {made, 0});
    return ok();
  }

  // Of an operator that only moves the numbers of one constant: they are moved as they are stored, what it gives is widened.
  Status table(NodeId id) {
    const OpDef& op = *g[id].op;
    if (!op.quant || op.quant->results != QuantRule::Results::Same || !op.quant->types.has(DType::I8)) return ok();
    std::optional<size_t> at;
    for (size_t i = 0; i < g[id].inputs.size(); ++i) {
      const Value v = g[id].inputs[i];
      if (!v || g.type(v).dtype != DType::F32) continue;
      if (at || !op.quant->is_data(i) || !takes(v, id)) return ok();
      at = i;
    }
    if (!at || g.constant(g[id].inputs[*at])->elements() < least_table) return ok();
    auto inputs = g[id].inputs;
    inputs[*at] = stored_int8(inputs[*at], -1);
    const auto quant = g.type(inputs[*at]).quant;
    const std::vector<Result> old = g[id].outputs;
    TRY(const NodeId made, g.add(op, g[id].attrs, std::move(inputs), old[0].name + "_int8", old[0].origin));
    for (uint32_t k = 0; k < old.size(); ++k) {
      if (g.type({made, k}).dtype != DType::I8) {
        g.replace_uses({id, k}, {made, k});
        continue;
      }
      g.result({made, k}).type.quant = quant;
      TRY(const NodeId floats, g.add<Dequantize>({Value{made, k}}, {}, old[k].name, old[k].origin));
      g.replace_uses({id, k}, {floats, 0});
    }
    return ok();
  }
};

}  // namespace

WeightQuant quant_of_weights(const Graph& g, Value v, int axis, const Chosen* given, const TrainedRanges& trained, DType activation) {
  const Tensor w = g.constant(v)->aligned();
  if (activation == DType::U8) {
    if (given && given->exact) return {*given->exact, given->source};
    MinMax r{0, 0};
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

Status quantize_weights(Graph& g, const Choices& choices, const TrainedRanges& trained, Quantized& done) {
  WeightPass pass{g, choices, trained, done};
  for (NodeId id : g.topological()) {
    if (!g.alive(id) || g[id].is<Input>() || g[id].is<Const>()) continue;
    const QuantMode mode = choices.mode(id);
    if (mode == QuantMode::Float16) CHECK_OK(pass.half(id));
    if (mode == QuantMode::DynamicRange || mode == QuantMode::WeightOnly) CHECK_OK(pass.int8(id, mode));
  }
  return ok();
}

}  // namespace toucanet
