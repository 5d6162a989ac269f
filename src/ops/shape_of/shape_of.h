#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The dimensions of x as a vector of i32 or i64.
struct ShapeOf {
  struct Attrs {
    DType out_type = DType::I32;
    TOUCANET_FIELDS(out_type)
  };
  static const OpDef def;
};
}  // namespace toucanet
