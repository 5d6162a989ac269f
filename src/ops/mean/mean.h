#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Mean of x along axes; integers truncate towards zero. The mean of nothing is NaN. keep_dims keeps reduced axes as 1.
struct Mean {
  struct Attrs {
    bool keep_dims = false;
    TOUCANET_FIELDS(keep_dims)
  };
  static const OpDef def;
};
}  // namespace toucanet
