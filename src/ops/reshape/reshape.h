#pragma once
#include <optional>

#include "ir/graph.h"

namespace toucanet {
/// The same elements under another shape; one −1 in `shape` is computed.
TOUCANET_OP(Reshape);

/// The shape as the operand of a reshape: one unknown dimension is −1. Empty where it cannot be written.
inline std::optional<std::vector<int64_t>> as_reshape(const Shape& s) {
  if (!s.ranked()) return std::nullopt;
  std::vector<int64_t> dims;
  size_t open = 0;
  bool empty = false;
  for (const auto& d : s.dims()) {
    open += !d.known();
    empty = empty || d.is(0);
    dims.push_back(d.known() ? d.value() : -1);
  }
  if (open > 1 || (open && empty)) return std::nullopt;
  return dims;
}
}  // namespace toucanet
