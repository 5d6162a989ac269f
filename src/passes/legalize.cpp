#include "passes/legalize.h"

#include "ops/broadcast_to/broadcast_to.h"
#include "ops/cast/cast.h"
#include "ops/conv_2d/conv_2d.h"
#include "ops/custom/custom.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"
#include "ops/reshape/reshape.h"

namespace toucanet {
namespace {

struct Views {
  std::vector<const TensorType*> in, out;
  Views(const Graph& g, NodeId id) {
    const Node& n = g[id];
    for (Value v : n.inputs) in.push_back(v ? &g.type(v) : nullptr);
    for (const auto& r : n.outputs) out.push_back(&r.type);
    if (n.op->is(Effect)) in.pop_back(), out.pop_back();
  }
};

// Empty, or the types that no kernel of TensorFlow Lite's takes.
std::string refused_types(const Node& n, const OpView& view) {
  const TfliteForm& t = n.op->tflite;
  const auto quantized = [&](size_t i) { return i < view.in.size() && view.in[i] && view.in[i]->quant && is_int(view.in[i]->dtype); };
  const DType type = view.type(t.typed_operand);
  if (quantized(t.typed_operand))
    return t.quantized.has(type) || (n.op->is(Movement) && (t.types.empty() || t.types.has(type))) ? "" : fmt::format("quantised {}", tf_name(type));
  if (t.typed_operand == 0 && type == DType::F32 && quantized(1))
    return t.hybrid.has(view.type(1)) ? "" : fmt::format("float32 with quantised {}", tf_name(view.type(1)));
  return t.types.empty() || t.types.has(type) ? "" : std::string(tf_name(type));
}

std::string refusal(const Graph& g, NodeId id) {
  const Node& n = g[id];
  const TfliteForm& t = n.op->tflite;
  if (n.is<Custom>()) return {};
  if (t.builtin.empty()) return "it has no TensorFlow Lite operator";
  const Views v(g, id);
  const OpView view{n.attrs, v.in, v.out};
  if (const std::string why = refused_types(n, view); !why.empty()) return fmt::format("{} does not take {}", t.builtin, why);
  for (size_t i = 0; i < v.in.size(); ++i)
    if (view.rank(i) > t.max_rank) return fmt::format("{} takes at most {} dimensions, operand {} has {}", t.builtin, t.max_rank, i, view.rank(i));
  for (const auto* o : v.out)
    if (o->shape.ranked() && o->shape.rank() > t.max_rank)
      return fmt::format("{} takes at most {} dimensions, the result has {}", t.builtin, t.max_rank, o->shape.rank());
  return t.refuses ? t.refuses(view) : std::string{};
}

// Wider integer types that hold every value of t.
std::vector<DType> wider(DType t) {
  switch (t) {
    case DType::Bool:
    case DType::U8:
    case DType::I8:
    case DType::I16:
    case DType::U16: return {DType::I32, DType::I64};
    case DType::I32:
    case DType::U32: return {DType::I64};
    default: return {};
  }
}

std::optional<NodeId> widen(Graph& g, NodeId id, DType from, DType to) {
  const OriginId origin = g[id].outputs[0].origin;
  const auto inputs = g[id].inputs;
  std::vector<Value> in;
  for (Value v : inputs) {
    if (v && g.type(v).dtype == from) {
      auto c = g.add<Cast>({v}, {.in_data_type = from, .out_data_type = to}, {}, origin);
      if (!c) return std::nullopt;
      in.push_back({*c, 0});
    } else {
      in.push_back(v);
    }
  }
  auto wide = g.add(*g[id].op, g[id].attrs, std::move(in), {}, origin);
  if (!wide) return std::nullopt;
  for (uint32_t s = 0; s < g[id].outputs.size(); ++s) {
    Value now{*wide, s};
    if (g.type({id, s}).dtype == from && g.type(now).dtype == to) {
      auto c = g.add<Cast>({now}, {.in_data_type = to, .out_data_type = from}, {}, origin);
      if (!c) return std::nullopt;
      now = {*c, 0};
    }
    g.result(now).name = g.result({id, s}).name;
    g.replace_uses({id, s}, now);
  }
  g.erase(id);
  return *wide;
}

// Puts other operators in the place of one that the runtime refuses. All of them are taken, or nothing has happened.
class Replacement {
  Graph& g_;
  const NodeId id_;
  const OriginId origin_;
  std::vector<NodeId> made_;
  bool failed_ = false;

 public:
  Replacement(Graph& g, NodeId id) : g_(g), id_(id), origin_(g[id].outputs[0].origin) {}

  Value ints(const std::vector<int64_t>& values) {
    const Value v = g_.add_constant(Tensor::vector_i32({values.begin(), values.end()}), {}, origin_);
    made_.push_back(v.node);
    return v;
  }
  Value add(const OpDef& op, Attrs attrs, std::vector<Value> operands) {
    if (failed_) return {};
    auto n = g_.add(op, std::move(attrs), std::move(operands), {}, origin_);
    if (n) made_.push_back(*n);
    failed_ = !n || !refusal(g_, *n).empty();
    return failed_ ? Value{} : Value{*n, 0};
  }
  Value again(std::vector<Value> operands) { return add(*g_[id_].op, g_[id_].attrs, std::move(operands)); }
  bool commit(Value result) {
    if (failed_) {
      for (; !made_.empty(); made_.pop_back()) g_.erase(made_.back());
      return false;
    }
    g_.result(result).name = g_.result({id_, 0}).name;
    g_.replace_uses({id_, 0}, result);
    g_.erase(id_);
    return true;
  }
};

bool is_binary(const Node& n) { return n.op->is(Elementwise) && n.inputs.size() == 2 && n.outputs.size() == 1; }

// One value against all of a tensor: as vectors, for kernels that broadcast in few dimensions.
bool flatten(Graph& g, NodeId id) {
  if (!is_binary(g[id])) return false;
  const Shape whole = g[id].outputs[0].type.shape;
  const auto dims = as_reshape(whole);
  if (!dims || whole.elements().is(0)) return false;
  const auto is_one = [&](Value v) { return g.type(v).shape.ranked() && g.type(v).shape.elements().is(1); };
  const auto is_whole = [&](Value v) { return same(g.type(v).shape, whole); };
  const std::vector<Value> operands = g[id].inputs;
  if (!((is_one(operands[0]) && is_whole(operands[1])) || (is_one(operands[1]) && is_whole(operands[0])))) return false;
  Replacement r(g, id);
  const auto vector = [&](Value v) { return r.add(Reshape::def, {}, {v, r.ints({-1})}); };
  const Value x = vector(operands[0]), y = vector(operands[1]);
  const Value flat = r.again({x, y});
  return r.commit(r.add(Reshape::def, {}, {flat, r.ints(*dims)}));
}

// Operands made as large as the result first.
bool spread(Graph& g, NodeId id) {
  if (!is_binary(g[id]) || !g[id].outputs[0].type.shape.is_static()) return false;
  const Shape to = g[id].outputs[0].type.shape;
  Replacement r(g, id);
  std::vector<Value> in = g[id].inputs;
  for (Value& v : in)
    if (!same(g.type(v).shape, to)) v = r.add(BroadcastTo::def, {}, {v, r.ints(to.to_vector())});
  return r.commit(r.again(std::move(in)));
}

// LiteRT's convolutions read a bias that the schema calls optional.
std::optional<int64_t> missing_bias(const Graph& g, NodeId id) {
  const Node& n = g[id];
  if ((!n.is<Conv2D>() && !n.is<DepthwiseConv2D>()) || n.inputs.size() != 2) return std::nullopt;
  const Shape& w = g.type(n.inputs[1]).shape;
  if (!w.ranked() || w.rank() != 4) return std::nullopt;
  const Dim& channels = w[n.is<Conv2D>() ? 0 : 3];
  return channels.known() ? std::optional(channels.value()) : std::nullopt;
}

}  // namespace

Status legalize(Module& m) {
  Diags problems;
  for (Graph& g : m.graphs) {
    for (NodeId id : g.topological()) {
      if (!g.alive(id) || g[id].is<Input>() || g[id].is<Const>()) continue;
      if (g[id].inputs.empty() && g[id].outputs.size() == 1 && g[id].outputs[0].type.dtype == DType::Token) continue;
      if (const auto channels = missing_bias(g, id)) {
        const Value bias = g.add_constant(Tensor::zeros(DType::F32, {*channels}), {}, g[id].outputs[0].origin);
        auto with = g.add(*g[id].op, g[id].attrs, {g[id].inputs[0], g[id].inputs[1], bias}, g[id].outputs[0].name, g[id].outputs[0].origin);
        if (with) {
          g.replace_uses({id, 0}, {*with, 0});
          g.erase(id);
          id = *with;
        }
      }
      std::string why = refusal(g, id);
      if (why.empty()) continue;
      const TfliteForm& t = g[id].op->tflite;
      const Views v(g, id);
      const DType from = t.typed_operand < v.in.size() && v.in[t.typed_operand] ? v.in[t.typed_operand]->dtype : DType::Token;
      if ((g[id].op->is(Elementwise) || g[id].op->is(Movement) || g[id].op->is(Wide)) && !t.types.empty() && !t.types.has(from)) {
        std::optional<NodeId> wide;
        for (DType to : wider(from))
          if (t.types.has(to) && !wide) wide = widen(g, id, from, to);
        if (wide) id = *wide, why = refusal(g, id);
      }
      if (why.empty() || flatten(g, id) || spread(g, id)) continue;
      const std::string node(m.origins->last(g[id].outputs.empty() ? OriginId{} : g[id].outputs[0].origin));
      problems.push_back(diag("TN2002", "{}: {}", g.describe(id), why).at(node));
    }
  }
  if (problems.empty()) return ok();
  problems.back().notes.emplace_back("cut the graph before it with --outputs, or after it with --inputs");
  return problems;
}

}  // namespace toucanet
