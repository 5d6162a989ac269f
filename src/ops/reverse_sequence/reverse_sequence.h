#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Turns the first seq_lengths[b] elements along seq_dim round, for each b of batch_dim.
struct ReverseSequence {
  struct Attrs {
    int32_t seq_dim = 0;
    int32_t batch_dim = 0;
    TOUCANET_FIELDS(seq_dim, batch_dim)
  };
  static const OpDef def;
};
}  // namespace toucanet
