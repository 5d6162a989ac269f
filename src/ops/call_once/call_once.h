#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Runs a graph without operands and results the first time it is reached: initialises variables.
struct CallOnce {
  struct Attrs {
    GraphRef init_subgraph_index;
    TOUCANET_FIELDS(init_subgraph_index)
  };
  static const OpDef def;
};
}  // namespace toucanet
