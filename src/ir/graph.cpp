#include "ir/graph.h"

#include <algorithm>

namespace toucanet {

constinit const OpDef Input::def = {.name = "input", .summary = "a graph input", .traits = Keep, .inputs = ""};
constinit const OpDef Const::def = {.name = "const", .summary = "a constant", .inputs = ""};

std::string_view name(Stage s) {
  constexpr std::string_view names[] = {"import", "clean", "lower", "fuse", "quantize", "layout", "export"};
  return names[static_cast<size_t>(s)];
}

size_t OpDef::min_inputs() const {
  if (inputs.empty()) return is(Effect) ? 1 : 0;
  size_t n = is(Effect) ? 1 : 0, from = 0;
  for (size_t i = 0; i <= inputs.size(); ++i)
    if (i == inputs.size() || inputs[i] == ',') {
      const auto one = inputs.substr(from, i - from);
      // A list that is all there is holds something, unless it is optional or the operator lives by its effect.
      const bool alone = from == 0 && i == inputs.size() && !is(Effect);
      if (one.find('?') == one.npos && (alone || !one.ends_with("..."))) ++n;
      from = i + 1;
    }
  return n;
}
size_t OpDef::max_inputs() const {
  if (inputs.ends_with("...")) return std::numeric_limits<size_t>::max();
  const size_t tokens = is(Effect) ? 1 : 0;
  return tokens + (inputs.empty() ? 0 : 1 + static_cast<size_t>(std::count(inputs.begin(), inputs.end(), ',')));
}

void Graph::link(Value v, Use u) {
  if (!v) return;
  Result& r = result(v);
  place(u) = static_cast<uint32_t>(r.uses.size());
  r.uses.push_back(u);
  r.outputs += !u.node;
}
void Graph::unlink(Value v, Use u) {
  if (!v) return;
  Result& r = result(v);
  const uint32_t at = place(u);
  assert(r.uses[at] == u);
  place(r.uses[at] = r.uses.back()) = at;
  r.uses.pop_back();
  r.outputs -= !u.node;
}

std::string Graph::describe(NodeId id) const {
  const Node& n = nodes_[id.index];
  const auto who = n.outputs.empty() ? std::string{} : n.outputs[0].name;
  return who.empty() ? std::string(n.op->name) : fmt::format("{} '{}'", n.op->name, who);
}

void Graph::add_output(Value v, std::string n) {
  outputs_.push_back({v, std::move(n)});
  link(v, {NodeId{}, static_cast<uint32_t>(outputs_.size() - 1)});
}
void Graph::set_output(size_t i, Value v) {
  unlink(outputs_[i].value, {NodeId{}, static_cast<uint32_t>(i)});
  outputs_[i].value = v;
  link(v, {NodeId{}, static_cast<uint32_t>(i)});
}

Value Graph::add_input(TensorType t, std::string n, OriginId o) {
  Node node{&Input::def, {}, {}, {}, nullptr};
  node.outputs.push_back({std::move(t), std::move(n), o, nullptr, {}});
  nodes_.push_back(std::move(node));
  ++live_;
  inputs.push_back({NodeId{static_cast<uint32_t>(nodes_.size() - 1)}, 0});
  return inputs.back();
}

std::shared_ptr<const Dims> small_ints(const Tensor& t) {
  if (t.rank() > 1 || t.elements() > 64 || (t.dtype != DType::I32 && t.dtype != DType::I64)) return nullptr;
  auto d = std::make_shared<Dims>();
  for (int64_t i = 0, n = t.elements(); i < n; ++i) d->push_back(t.integer(i));
  return d;
}

Value Graph::add_constant(Tensor t, std::string n, OriginId o) {
  Node node{&Const::def, {}, {}, {}, nullptr};
  node.outputs.push_back({t.type(), std::move(n), o, small_ints(t), {}});
  node.constant = std::make_shared<const Tensor>(std::move(t));
  nodes_.push_back(std::move(node));
  ++live_;
  return {NodeId{static_cast<uint32_t>(nodes_.size() - 1)}, 0};
}

Status run_infer(InferContext& c) {
  const OpDef& op = c.op();
  if (c.inputs() < op.min_inputs() || c.inputs() > op.max_inputs()) return diag("TN1202", "{} takes ({}), but has {} operands", op.name, op.inputs, c.inputs());
  // Operands that are neither optional nor of a list are there; lists and optional ones each operator looks at itself.
  for (size_t i = 0, from = 0; i < c.inputs() && from < op.inputs.size(); ++i) {
    const size_t comma = std::min(op.inputs.find(',', from), op.inputs.size());
    const auto one = op.inputs.substr(from, comma - from);
    if (!c.has(i) && one.find('?') == one.npos) return diag("TN1202", "{} takes ({}), but operand {} is absent", op.name, op.inputs, i);
    if (!one.ends_with("...")) from = comma + 1;
  }
  if (!op.infer) return diag("TN1202", "{} cannot be inferred", op.name);
  return op.infer(c);
}

static InferContext context_of(const Graph& g, const Node& n) {
  std::vector<InferContext::In> in;
  in.reserve(n.inputs.size());
  for (Value v : n.inputs) {
    if (!v) {
      in.push_back({});
      continue;
    }
    const Result& r = g.result(v);
    in.push_back({&r.type, r.ints.get(), g.constant(v)});
  }
  return InferContext(*n.op, n.attrs, std::move(in), &g.module());
}

Expected<NodeId> Graph::add(const OpDef& op, Attrs attrs, std::vector<Value> ins, std::string n, OriginId o) {
  while (!ins.empty() && !ins.back() && ins.size() > op.min_inputs()) ins.pop_back();
  if (attrs.empty() && op.attrs != &attr_ops<NoAttrs>) attrs = Attrs(*op.attrs, op.attrs->make());  // defaults have one form
  Node node{&op, std::move(attrs), std::move(ins), {}, nullptr};
  InferContext c = context_of(*this, node);
  CHECK_OK(run_infer(c));
  const NodeId id{static_cast<uint32_t>(nodes_.size())};
  uint32_t slot = 0;
  for (const auto& r : c.results()) {
    std::string tensor = n.empty() || slot == 0 ? n : fmt::format("{}:{}", n, slot);
    node.outputs.push_back({r.type, std::move(tensor), o, r.ints, {}});
    ++slot;
  }
  node.places.resize(node.inputs.size());
  nodes_.push_back(std::move(node));
  const auto& operands = nodes_.back().inputs;
  for (uint32_t i = 0; i < operands.size(); ++i) link(operands[i], {id, i});
  ++live_;
  return id;
}

void Graph::set_input(NodeId id, size_t i, Value v) {
  Value& slot = nodes_[id.index].inputs[i];
  unlink(slot, {id, static_cast<uint32_t>(i)});
  slot = v;
  link(v, {id, static_cast<uint32_t>(i)});
}
void Graph::remove_last_input(NodeId id) {
  auto& ins = nodes_[id.index].inputs;
  unlink(ins.back(), {id, static_cast<uint32_t>(ins.size() - 1)});
  ins.pop_back();
  nodes_[id.index].places.pop_back();
}

void Graph::replace_uses(Value from, Value to) {
  if (from == to) return;
  const auto us = std::exchange(result(from).uses, {});
  result(from).outputs = 0;
  for (const Use& u : us) {
    (u.node ? nodes_[u.node.index].inputs[u.index] : outputs_[u.index].value) = to;
    link(to, u);
  }
}

void Graph::erase(NodeId id) {
  Node& n = nodes_[id.index];
  assert(n.op);
  for (uint32_t i = 0; i < n.inputs.size(); ++i) unlink(n.inputs[i], {id, i});
  n.op = nullptr;
  n.inputs.clear();
  n.places.clear();
  n.outputs.clear();
  n.constant.reset();
  n.attrs = {};
  --live_;
}

Expected<bool> Graph::reinfer(NodeId id) {
  Node& n = nodes_[id.index];
  if (!n.op->infer) return false;
  InferContext c = context_of(*this, n);
  CHECK_OK(run_infer(c));
  if (c.results().size() != n.outputs.size()) return diag("TN1204", "{}: the number of results changed", describe(id));
  bool changed = false;
  for (size_t i = 0; i < n.outputs.size(); ++i) {
    Result& r = n.outputs[i];
    const auto& now = c.results()[i];
    const bool same = now.type.shape == r.type.shape;
    auto shape = same ? std::nullopt : refine(r.type.shape, now.type.shape);
    if (now.type.dtype != r.type.dtype || (!same && !shape)) return diag("TN1204", "{}: type {} contradicts {}", describe(id), now.type.str(), r.type.str());
    if (shape && !(*shape == r.type.shape)) r.type.shape = std::move(*shape), changed = true;
    if (now.ints && (!r.ints || !(*r.ints == *now.ints))) r.ints = now.ints, changed = true;
  }
  return changed;
}

std::vector<NodeId> Graph::topological() const {
  // Ids are handed out operands first, except where a rewrite made a node younger than its readers.
  std::vector<NodeId> order;
  order.reserve(live_);
  std::vector<uint8_t> state(nodes_.size());  // 0 new, 1 open, 2 done
  std::vector<std::pair<uint32_t, uint32_t>> stack;
  for (uint32_t root = 0; root < nodes_.size(); ++root) {
    if (!nodes_[root].op || state[root]) continue;
    const auto& operands = nodes_[root].inputs;
    if (std::all_of(operands.begin(), operands.end(), [&](Value v) { return !v || state[v.node.index] == 2; })) {
      state[root] = 2;
      order.push_back(NodeId{root});
      continue;
    }
    stack.emplace_back(root, 0);
    state[root] = 1;
    while (!stack.empty()) {
      auto& [i, next] = stack.back();
      const auto& ins = nodes_[i].inputs;
      if (next < ins.size()) {
        const Value v = ins[next++];
        if (v && !state[v.node.index]) {
          state[v.node.index] = 1;
          stack.emplace_back(v.node.index, 0);
        }
        continue;
      }
      state[i] = 2;
      order.push_back(NodeId{i});
      stack.pop_back();
    }
  }
  return order;
}

Module& Module::operator=(Module&& o) noexcept {
  graphs = std::move(o.graphs);
  signatures = std::move(o.signatures);
  origins = std::move(o.origins);
  metadata = std::move(o.metadata);
  description = std::move(o.description);
  for (Graph& g : graphs) g.module_ = this;
  return *this;
}
Module Module::clone() const {
  Module m;
  m.graphs = graphs;
  m.signatures = signatures;
  m.origins = origins;
  m.metadata = metadata;
  m.description = description;
  for (Graph& g : m.graphs) g.module_ = &m;
  return m;
}
Graph& Module::add_graph(std::string n) {
  Graph& g = graphs.emplace_back();
  g.name = std::move(n);
  g.module_ = this;
  return g;
}

}  // namespace toucanet
