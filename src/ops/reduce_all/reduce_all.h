#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Whether every element along axes is true. keep_dims keeps reduced axes as 1.
struct ReduceAll {
  struct Attrs {
    bool keep_dims = false;
    TOUCANET_FIELDS(keep_dims)
  };
  static const OpDef def;
};
}  // namespace toucanet
