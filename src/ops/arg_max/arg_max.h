#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Index of the first largest element along an axis.
struct ArgMax {
  struct Attrs {
    DType output_type = DType::I64;
    TOUCANET_FIELDS(output_type)
  };
  static const OpDef def;
};
}  // namespace toucanet
