#pragma once
#include "ir/graph.h"

namespace toucanet {
/// A tensor of default_value with values put at the rows of indices. validate_indices: they ascend and do not repeat.
struct SparseToDense {
  struct Attrs {
    bool validate_indices = false;
    TOUCANET_FIELDS(validate_indices)
  };
  static const OpDef def;
};
}  // namespace toucanet
