#pragma once
#include "ir/graph.h"

namespace toucanet {
/// on_value where the new axis equals the index, off_value elsewhere; axis −1 is the last.
struct OneHot {
  struct Attrs {
    int32_t axis = 0;
    TOUCANET_FIELDS(axis)
  };
  static const OpDef def;
};
}  // namespace toucanet
