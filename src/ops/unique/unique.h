#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The different elements of a vector in the order of their first appearance, and for each element its place among them.
struct Unique {
  struct Attrs {
    DType idx_out_type = DType::I32;
    TOUCANET_FIELDS(idx_out_type)
  };
  static const OpDef def;
};
}  // namespace toucanet
