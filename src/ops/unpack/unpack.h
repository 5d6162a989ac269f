#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Takes a tensor apart along an axis, which disappears: as many results as the axis is long.
struct Unpack {
  struct Attrs {
    int32_t num = 0;
    int32_t axis = 0;  ///< may be negative
    TOUCANET_FIELDS(num, axis)
  };
  static const OpDef def;
};
}  // namespace toucanet
