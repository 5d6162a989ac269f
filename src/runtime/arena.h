#pragma once
// Where tensors of known size and lifetime lie in one block of memory.
#include <cstddef>
#include <cstdint>
#include <vector>

namespace toucanet {

struct Lifetime {
  size_t bytes = 0;
  uint32_t first = 0, last = 0;  ///< steps, both inclusive
};

struct Arena {
  std::vector<size_t> offsets;  ///< of each lifetime, 64-byte aligned
  size_t bytes = 0;
};

/// Largest first, each at the lowest offset that is free during its whole life.
Arena plan_arena(const std::vector<Lifetime>&);

}  // namespace toucanet
