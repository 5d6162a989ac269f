#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Runs one of two graphs on the operands. cond: bool, one element. Both graphs give results of the same types.
struct If {
  struct Attrs {
    GraphRef then_subgraph_index;
    GraphRef else_subgraph_index;
    TOUCANET_FIELDS(then_subgraph_index, else_subgraph_index)
  };
  static const OpDef def;
};
}  // namespace toucanet
