#pragma once
// Where tensors of known size and lifetime lie in one block of memory.
#include <cstddef>
#include <cstdint>
#include <vector>

namespace toucanet {

struct Lifetime {
  size_t bytes = 0;
  uint32_t first = 0, last = 0;  ///< steps, both inclusive
  bool scratch = false;          ///< no tensor: lies where tensors leave room
};

struct Arena {
  std::vector<size_t> offsets;  ///< of each lifetime, 64-byte aligned
  size_t tensor_bytes = 0;      ///< that tensors span
  size_t bytes = 0;             ///< of all
};

/// Tensors first, then scratch, each largest first, each at the lowest offset that is free during its whole life.
Arena plan_arena(const std::vector<Lifetime>&);

}  // namespace toucanet
