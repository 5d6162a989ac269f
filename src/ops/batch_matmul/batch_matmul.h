#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x·y over the last two axes; batch axes broadcast; adj_x, adj_y transpose an operand first.
struct BatchMatmul {
  struct Attrs {
    bool adj_x = false;
    bool adj_y = false;
    bool asymmetric_quantize_inputs = false;
    TOUCANET_FIELDS(adj_x, adj_y, asymmetric_quantize_inputs)
  };
  static const OpDef def;
};
}  // namespace toucanet
