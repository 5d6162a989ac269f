#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Drops axes of size 1: those named, or all when none is.
struct Squeeze {
  struct Attrs {
    std::vector<int64_t> squeeze_dims;
    TOUCANET_FIELDS(squeeze_dims)
  };
  static const OpDef def;
};
}  // namespace toucanet
