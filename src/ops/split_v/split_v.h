#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Cuts a tensor into parts of given sizes along an axis (a scalar operand); one size may be −1.
struct SplitV {
  struct Attrs {
    int32_t num_splits = 0;
    TOUCANET_FIELDS(num_splits)
  };
  static const OpDef def;
};
}  // namespace toucanet
