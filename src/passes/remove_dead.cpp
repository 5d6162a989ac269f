#include "passes/remove_dead.h"

namespace toucanet {

size_t remove_dead(Graph& g, NodeId id) {
  size_t n = 0;
  std::vector<NodeId> stack{id};
  while (!stack.empty()) {
    const NodeId i = stack.back();
    stack.pop_back();
    if (!g.alive(i)) continue;
    const Node& node = g[i];
    if (node.op->is(Keep) || node.op->is(Effect)) continue;
    bool read = false;
    for (const auto& r : node.outputs) read = read || !r.uses.empty();
    if (read) continue;
    std::vector<NodeId> operands;
    for (Value v : node.inputs)
      if (v) operands.push_back(v.node);
    g.erase(i);
    ++n;
    stack.insert(stack.end(), operands.begin(), operands.end());
  }
  return n;
}

size_t remove_dead(Graph& g) {
  size_t n = 0;
  for (uint32_t i = static_cast<uint32_t>(g.arena_size()); i-- > 0;)
    if (g.alive({i})) n += remove_dead(g, NodeId{i});
  return n;
}

}  // namespace toucanet
