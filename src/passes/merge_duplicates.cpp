#include "passes/merge_duplicates.h"

#include <bit>

namespace toucanet {

size_t merge_duplicates(Graph& g) {
  // Nodes by hash, open addressing; of those with one hash the earlier comes first.
  const size_t mask = std::bit_ceil(2 * g.live() + 2) - 1;
  std::vector<std::pair<uint64_t, NodeId>> seen(mask + 1);
  size_t merged = 0;
  for (NodeId id : g.topological()) {
    const Node& n = g[id];
    if (n.is<Input>() || n.op->is(Effect) || n.op->is(Random) || n.op->is(Keep) || n.outputs.empty()) continue;
    uint64_t h = reinterpret_cast<uintptr_t>(n.op);
    const auto mix = [&](uint64_t v) { h = (h ^ v) * 0x9e3779b97f4a7c15u, h ^= h >> 29; };
    if (n.constant) mix(n.constant->content_hash());
    for (Value v : n.inputs) mix(uint64_t{v.node.index} << 8 | v.slot);
    bool found = false;
    size_t at = h & mask;
    for (; seen[at].second && !found; at = (at + 1) & mask) {
      if (seen[at].first != h) continue;
      const NodeId other = seen[at].second;
      const Node& o = g[other];
      if (o.op != n.op || o.inputs != n.inputs || !(o.attrs == n.attrs)) continue;
      if (n.constant && !o.constant->identical(*n.constant)) continue;
      bool both_outputs = false;  // two outputs of the file stay two tensors
      for (uint32_t s = 0; s < n.outputs.size(); ++s) both_outputs = both_outputs || (g.is_output({id, s}) && g.is_output({other, s}));
      if (both_outputs) continue;
      found = true;
      for (uint32_t s = 0; s < n.outputs.size(); ++s) {
        const Value old{id, s}, now{other, s};
        Result &a = g.result(old), &b = g.result(now);
        b.origin = g.module().origins->merge(a.origin, b.origin, "merge_duplicates");
        if (const auto s2 = refine(a.type.shape, b.type.shape)) b.type.shape = *s2;
        g.replace_uses(old, now);
      }
    }
    if (found) {
      g.erase(id);
      ++merged;
    } else {
      seen[at] = {h, id};
    }
  }
  return merged;
}

}  // namespace toucanet
