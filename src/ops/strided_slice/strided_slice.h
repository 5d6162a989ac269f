#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x[begin:end:strides], NumPy's slicing. Bit i of a mask speaks of entry i of begin, end and strides: begin_mask and
/// end_mask open a range, ellipsis_mask is "…", new_axis_mask inserts an axis, shrink_axis_mask takes one index.
/// offset: end counts from begin.
struct StridedSlice {
  struct Attrs {
    int32_t begin_mask = 0;
    int32_t end_mask = 0;
    int32_t ellipsis_mask = 0;
    int32_t new_axis_mask = 0;
    int32_t shrink_axis_mask = 0;
    bool offset = false;
    TOUCANET_FIELDS(begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask, offset)
  };
  static const OpDef def;
};
}  // namespace toucanet
