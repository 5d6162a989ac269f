#include "ir/text.h"

namespace toucanet {

static void verify_graph(const Module& m, const Graph& g, Diags& problems) {
  const auto problem = [&](NodeId id, std::string what) {
    problems.push_back(Diag{"TN9005", g.describe(id) + ": " + what});
    if (!g[id].outputs.empty()) problems.back().node = std::string(m.origins->last(g[id].outputs[0].origin));
  };
  // How often each operand is listed among the readers of its value.
  std::vector<size_t> first(g.arena_size() + 1);
  for (uint32_t i = 0; i < g.arena_size(); ++i) first[i + 1] = first[i] + (g.alive({i}) ? g[NodeId{i}].inputs.size() : 0);
  std::vector<uint8_t> listed(first.back());
  for (uint32_t i = 0; i < g.arena_size(); ++i) {
    if (!g.alive({i})) continue;
    for (uint32_t s = 0; s < g[NodeId{i}].outputs.size(); ++s)
      for (const Use& u : g.uses({NodeId{i}, s})) {
        const bool exists = u.node && u.node.index < g.arena_size() && u.index < first[u.node.index + 1] - first[u.node.index];
        if (exists && g[u.node].inputs[u.index] == Value{NodeId{i}, s}) listed[first[u.node.index] + u.index] = listed[first[u.node.index] + u.index] ? 2 : 1;
      }
  }
  for (uint32_t i = 0; i < g.arena_size(); ++i) {
    const NodeId id{i};
    if (!g.alive(id)) continue;
    const Node& n = g[id];
    for (uint32_t k = 0; k < n.inputs.size(); ++k) {
      const Value v = n.inputs[k];
      if (!v) continue;
      if (v.node.index >= g.arena_size() || !g.alive(v.node) || v.slot >= g[v.node].outputs.size()) {
        problem(id, fmt::format("operand {} does not exist", k));
        continue;
      }
      if (listed[first[i] + k] != 1) problem(id, fmt::format("operand {} does not list its reader", k));
    }
    if (n.is<Input>() || n.is<Const>()) continue;
    if (n.inputs.size() < n.op->min_inputs() || n.inputs.size() > n.op->max_inputs()) problem(id, "wrong number of operands");
    if (n.op->is(Effect)) {
      const bool in = !n.inputs.empty() && n.inputs.back() && g.type(n.inputs.back()).dtype == DType::Token;
      const bool out = !n.outputs.empty() && n.outputs.back().type.dtype == DType::Token;
      if (!in || !out) problem(id, "its last operand and last result must be effect tokens");
      else if (const auto& us = g.uses(n.inputs.back()); us.size() != 1) problem(id, "its effect token is used twice: the order of effects is open");
    }
  }
  for (const auto& o : g.outputs())
    if (!o.value || !g.alive(o.value.node)) problems.push_back(diag("TN9005", "the output '{}' of graph '{}' does not exist", o.name, g.name));
}

Status verify(const Module& m) {
  Diags problems;
  if (m.graphs.empty()) return diag("TN9005", "the module has no graph");
  for (const Graph& g : m.graphs) verify_graph(m, g, problems);
  for (const auto& s : m.signatures) {
    if (s.graph >= m.graphs.size()) {
      problems.push_back(diag("TN9005", "the signature '{}' names graph {}", s.key, s.graph));
      continue;
    }
    const Graph& g = m.graphs[s.graph];
    for (const auto& [n, i] : s.inputs)
      if (i >= g.inputs.size()) problems.push_back(diag("TN9005", "the signature '{}' names input {}", s.key, i));
    for (const auto& [n, i] : s.outputs)
      if (i >= g.outputs().size()) problems.push_back(diag("TN9005", "the signature '{}' names output {}", s.key, i));
  }
  if (!problems.empty()) return problems;
  return ok();
}

}  // namespace toucanet
