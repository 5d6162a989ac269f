#include "runtime/arena.h"

#include <algorithm>
#include <numeric>

namespace toucanet {

Arena plan_arena(const std::vector<Lifetime>& lifetimes) {
  constexpr size_t alignment = 64;
  const auto size = [&](size_t i) { return (lifetimes[i].bytes + alignment - 1) / alignment * alignment; };
  std::vector<size_t> order(lifetimes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const Lifetime &x = lifetimes[a], &y = lifetimes[b];
    return x.scratch != y.scratch ? y.scratch : x.bytes > y.bytes;
  });
  Arena arena;
  arena.offsets.resize(lifetimes.size());
  std::vector<size_t> placed;  // by rising offset
  for (size_t i : order) {
    const Lifetime& l = lifetimes[i];
    if (!l.bytes) continue;
    size_t at = 0;
    for (size_t p : placed) {
      if (lifetimes[p].last < l.first || lifetimes[p].first > l.last) continue;
      if (at + size(i) <= arena.offsets[p]) break;
      at = std::max(at, arena.offsets[p] + size(p));
    }
    arena.offsets[i] = at;
    arena.bytes = std::max(arena.bytes, at + l.bytes);
    if (!l.scratch) arena.tensor_bytes = arena.bytes;
    placed.insert(std::upper_bound(placed.begin(), placed.end(), i, [&](size_t a, size_t b) { return arena.offsets[a] < arena.offsets[b]; }), i);
  }
  return arena;
}

}  // namespace toucanet
