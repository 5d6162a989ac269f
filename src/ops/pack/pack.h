#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Stacks tensors of one shape along a new axis.
struct Pack {
  struct Attrs {
    int32_t values_count = 0;
    int32_t axis = 0;  ///< of the result; may be negative
    TOUCANET_FIELDS(values_count, axis)
  };
  static const OpDef def;
};
}  // namespace toucanet
