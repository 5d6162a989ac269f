#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Sum of x along axes; integers wrap. keep_dims keeps reduced axes as 1.
struct Sum {
  struct Attrs {
    bool keep_dims = false;
    TOUCANET_FIELDS(keep_dims)
  };
  static const OpDef def;
};
}  // namespace toucanet
