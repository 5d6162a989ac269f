#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The slices of x along `axis` that indices name; the first batch_dims axes of both go together.
struct Gather {
  struct Attrs {
    int32_t axis = 0;
    int32_t batch_dims = 0;
    TOUCANET_FIELDS(axis, batch_dims)
  };
  static const OpDef def;
};
}  // namespace toucanet
