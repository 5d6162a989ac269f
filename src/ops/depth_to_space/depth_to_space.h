#pragma once
#include "ir/graph.h"

namespace toucanet {
/// [N,H,W,b·b·C] → [N,H·b,W·b,C]: the inverse of space_to_depth.
struct DepthToSpace {
  struct Attrs {
    int32_t block_size = 1;
    TOUCANET_FIELDS(block_size)
  };
  static const OpDef def;
};
}  // namespace toucanet
