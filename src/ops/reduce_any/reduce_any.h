#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Whether any element along axes is true. keep_dims keeps reduced axes as 1.
struct ReduceAny {
  struct Attrs {
    bool keep_dims = false;
    TOUCANET_FIELDS(keep_dims)
  };
  static const OpDef def;
};
}  // namespace toucanet
