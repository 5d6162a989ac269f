#include "runtime/execute.h"

#include <unordered_map>

#include "ir/limits.h"

namespace toucanet {

Expected<std::vector<Tensor>> PlainExecutor::call(GraphRef g, std::vector<Tensor> inputs) {
  if (g.index < 0 || static_cast<size_t>(g.index) >= module_.graphs.size()) return diag("TN1205", "graph {} does not exist", g.index);
  if (depth_ > 32) return diag("TN3003", "graphs call each other more than 32 deep");
  return run(static_cast<uint32_t>(g.index), std::move(inputs));
}

Tensor* PlainExecutor::variable(const std::string& name) {
  const auto it = variables_.find(name);
  return it == variables_.end() ? nullptr : &it->second;
}

const CustomFunction* PlainExecutor::custom(const std::string& name) {
  const auto it = customs_.find(name);
  return it == customs_.end() ? nullptr : &it->second;
}

void PlainExecutor::assign(const std::string& name, Tensor t) {
  Tensor& to = variables_[name];
  variable_bytes_ += t.bytes() - to.bytes();
  to = std::move(t);
}

void PlainExecutor::reset_variables() {
  variable_bytes_ = 0;
  variables_.clear();
  called_.clear();
}

void PlainExecutor::uniform(float* out, size_t n) {
  for (size_t i = 0; i < n; ++i) out[i] = static_cast<float>(random_() >> 40) * (1.0f / 16777216.0f);
}

Status PlainExecutor::evaluate(EvalContext& c) const {
  const OpDef& op = c.op();
  auto* eval = op.eval;
  if (c.quantized()) eval = op.eval_quantized ? op.eval_quantized : op.is(Movement) ? op.eval : nullptr;
  else if (options_.semantics == Semantics::TfLite && op.eval_tflite) eval = op.eval_tflite;
  if (!eval) return diag("TN3002", "{} cannot be evaluated{}", op.name, c.quantized() ? " on quantised numbers" : "");
  return eval(c);
}

Expected<std::vector<Tensor>> PlainExecutor::run_node(const Node& n, std::vector<const Tensor*> in) {
  std::vector<TensorType> types(in.size());
  std::vector<std::shared_ptr<const Dims>> ints(in.size());
  std::vector<InferContext::In> views;
  for (size_t i = 0; i < in.size(); ++i) {
    if (!in[i]) {
      views.push_back({});
      continue;
    }
    types[i] = in[i]->type();
    ints[i] = small_ints(*in[i]);
    views.push_back({&types[i], ints[i].get(), in[i]});
  }
  InferContext infer(*n.op, n.attrs, std::move(views), &module_);
  CHECK_OK(run_infer(infer));
  std::vector<Tensor> out;
  size_t bytes = live_ + variable_bytes_;
  for (const auto& r : infer.results()) {
    Tensor t;
    t.dtype = r.type.dtype;
    if (r.type.shape.is_static() && byte_size(t.dtype)) {
      const auto dims = r.type.shape.to_vector();
      const auto elements = limits::product(dims);
      if (!elements) return diag("TN3004", "{}: a result has the shape [{}]", n.op->name, r.type.shape.str());
      if (static_cast<size_t>(*elements) * byte_size(t.dtype) + bytes > options_.memory_limit)
        return diag("TN3004", "{}: a result of {:.3g} elements is beyond the memory limit of {} bytes", n.op->name, static_cast<double>(*elements),
                    options_.memory_limit);
      t = Tensor::zeros(t.dtype, dims);
      bytes += t.bytes();
    } else if (r.type.shape.is_static()) {
      t.dims = r.type.shape.to_vector();
    }
    t.quant = n.outputs[out.size()].type.quant;
    out.push_back(std::move(t));
  }
  EvalContext c(*n.op, n.attrs, std::move(in), std::move(out), options_.semantics, *this);
  CHECK_OK(evaluate(c));
  std::vector<Tensor> results;
  for (size_t i = 0; i < infer.results().size(); ++i) {
    results.push_back(std::move(c.out(i)));
    results.back().quant = n.outputs[i].type.quant;
  }
  return results;
}

Expected<std::vector<Tensor>> PlainExecutor::run(uint32_t index, std::vector<Tensor> inputs) {
  const Graph& g = module_.graphs[index];
  if (inputs.size() != g.inputs.size()) return diag("TN3006", "graph '{}' takes {} inputs, got {}", g.name, g.inputs.size(), inputs.size());
  if (options_.keep_going && !options_.keep_going()) return diag("TN3005", "cancelled");
  ++depth_;
  struct Leave {
    PlainExecutor& executor;
    size_t live;
    ~Leave() { --executor.depth_, executor.live_ = live; }
  } leave{*this, live_};
  struct Live {
    Tensor tensor;
    size_t uses;
  };
  std::unordered_map<uint64_t, Live> live;
  const auto key = [](Value v) { return uint64_t{v.node.index} << 32 | v.slot; };
  const bool top = depth_ == 1;
  const auto keep = [&](Value v, Tensor t) {
    if (top && options_.observe) options_.observe(v, t);
    if (observer_) observer_(index, v, t);
    if (const size_t n = g.uses(v).size()) {
      live_ += t.bytes();
      live[key(v)] = {std::move(t), n};
    }
  };
  for (size_t i = 0; i < inputs.size(); ++i) {
    inputs[i].quant = g.type(g.inputs[i]).quant;
    keep(g.inputs[i], std::move(inputs[i]));
  }
  for (NodeId id : g.topological()) {
    const Node& n = g[id];
    if (n.is<Input>() || n.is<Const>()) continue;
    if (options_.keep_going && !options_.keep_going()) return diag("TN3005", "cancelled");
    std::vector<const Tensor*> in;
    std::vector<Tensor> copies;
    copies.reserve(n.inputs.size());
    for (Value v : n.inputs) {
      const Tensor* t = !v ? nullptr : g.constant(v) ? g.constant(v) : &live.at(key(v)).tensor;
      if (t && !t->is_aligned()) t = &copies.emplace_back(t->copy());
      in.push_back(t);
    }
    auto out = run_node(n, std::move(in));
    if (!out) {
      for (Diag& d : out.error())
        if (d.node.empty()) d.node = std::string(module_.origins->last(n.outputs.empty() ? OriginId{} : n.outputs[0].origin));
      return std::move(out.error());
    }
    for (uint32_t s = 0; s < out->size(); ++s) keep({id, s}, std::move((*out)[s]));
    if (live_ + variable_bytes_ > options_.memory_limit) return diag("TN3004", "live tensors are beyond the memory limit of {} bytes", options_.memory_limit);
    for (Value v : n.inputs) {
      if (!v || g.constant(v)) continue;
      const auto it = live.find(key(v));
      if (--it->second.uses == 0) live_ -= it->second.tensor.bytes(), live.erase(it);
    }
  }
  std::vector<Tensor> results;
  for (const auto& o : g.outputs()) results.push_back(g.constant(o.value) ? *g.constant(o.value) : live.at(key(o.value)).tensor);
  return results;
}

Expected<std::vector<Tensor>> execute(const Module& m, uint32_t graph, std::vector<Tensor> inputs, const ExecuteOptions& options) {
  return PlainExecutor(m, options).run(graph, std::move(inputs));
}

Expected<std::vector<Tensor>> evaluate(const Node& n, const Module& m, std::vector<const Tensor*> operands, Semantics s) {
  ExecuteOptions options{.semantics = s};
  std::vector<Tensor> copies;
  copies.reserve(operands.size());
  for (size_t i = 0; i < operands.size(); ++i) {
    const Tensor*& t = operands[i];
    const bool bytes = i == 0 && n.op->is(Movement);  // moved as bytes, at any address
    if (t && !t->is_aligned() && !bytes) t = &copies.emplace_back(t->copy());
  }
  return PlainExecutor(m, options).run_node(n, std::move(operands));
}

std::shared_ptr<const Tensor> constant_value(const Graph& g, Value v, int64_t max_elements) {
  std::unordered_map<uint64_t, std::shared_ptr<const Tensor>> known;
  const auto key = [](Value x) { return uint64_t{x.node.index} << 32 | x.slot; };
  std::vector<Value> stack{v};
  for (size_t steps = 0; !stack.empty(); ++steps) {
    if (steps > 4096) return nullptr;
    const Value x = stack.back();
    const Node& n = g[x];
    if (known.count(key(x))) {
      stack.pop_back();
      continue;
    }
    if (n.constant) {
      known[key(x)] = n.constant;
      stack.pop_back();
      continue;
    }
    if (const auto& r = g.result(x); r.ints && r.type.shape.is_static()) {
      std::vector<int64_t> values;
      for (const auto& d : *r.ints)
        if (d.known()) values.push_back(d.value());
      if (values.size() == r.ints->size()) {
        const auto dims = r.type.shape.to_vector();
        if (limits::product(dims) == static_cast<int64_t>(values.size())) {
          Tensor t = Tensor::zeros(r.type.dtype, dims);
          for (size_t i = 0; i < values.size(); ++i) {
            if (t.dtype == DType::I32) t.as_mutable<int32_t>()[i] = static_cast<int32_t>(values[i]);
            else t.as_mutable<int64_t>()[i] = values[i];
          }
          known[key(x)] = std::make_shared<const Tensor>(std::move(t));
          stack.pop_back();
          continue;
        }
      }
    }
    if (n.is<Input>() || n.op->is(Effect) || n.op->is(Random) || !n.op->eval || n.inputs.empty()) return nullptr;
    const Dim size = g.type(x).shape.elements();
    if (size.known() && size.value() > max_elements) return nullptr;
    bool ready = true;
    for (Value i : n.inputs)
      if (i && !known.count(key(i))) stack.push_back(i), ready = false;
    if (!ready) continue;
    std::vector<const Tensor*> in;
    for (Value i : n.inputs) in.push_back(i ? known.at(key(i)).get() : nullptr);
    auto out = evaluate(n, g.module(), std::move(in));
    if (!out) return nullptr;
    for (uint32_t s = 0; s < out->size(); ++s) known[key({x.node, s})] = std::make_shared<const Tensor>(std::move((*out)[s]));
    stack.pop_back();
  }
  return known.at(key(v));
}

}  // namespace toucanet
