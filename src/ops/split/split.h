#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Cuts a tensor into equal parts along an axis (a scalar operand).
struct Split {
  struct Attrs {
    int32_t num_splits = 0;
    TOUCANET_FIELDS(num_splits)
  };
  static const OpDef def;
};

/// Writes the parts of x along an axis into the results.
Status eval_parts(EvalContext&, const Tensor& x, size_t axis);
}  // namespace toucanet
