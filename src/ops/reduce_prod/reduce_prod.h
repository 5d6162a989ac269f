#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Product of x along axes; integers wrap. keep_dims keeps reduced axes as 1.
struct ReduceProd {
  struct Attrs {
    bool keep_dims = false;
    TOUCANET_FIELDS(keep_dims)
  };
  static const OpDef def;
};
}  // namespace toucanet
