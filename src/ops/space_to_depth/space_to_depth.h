#pragma once
#include "ir/graph.h"

namespace toucanet {
/// [N,H,W,C] → [N,H/b,W/b,b·b·C]: the blocks of b × b pixels become channels.
struct SpaceToDepth {
  struct Attrs {
    int32_t block_size = 1;
    TOUCANET_FIELDS(block_size)
  };
  static const OpDef def;
};
}  // namespace toucanet
