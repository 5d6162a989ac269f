#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Runs `body` on the loop variables as long as `cond` gives true. Results are the last values.
struct While {
  struct Attrs {
    GraphRef cond_subgraph_index;
    GraphRef body_subgraph_index;
    TOUCANET_FIELDS(cond_subgraph_index, body_subgraph_index)
  };
  static const OpDef def;
};
}  // namespace toucanet
