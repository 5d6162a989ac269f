#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Running sums along an axis; exclusive: without the element itself; reverse: from the end.
struct Cumsum {
  struct Attrs {
    bool exclusive = false;
    bool reverse = false;
    TOUCANET_FIELDS(exclusive, reverse)
  };
  static const OpDef def;
};
}  // namespace toucanet
