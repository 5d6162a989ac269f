#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Index of the first smallest element along an axis.
struct ArgMin {
  struct Attrs {
    DType output_type = DType::I64;
    TOUCANET_FIELDS(output_type)
  };
  static const OpDef def;
};
}  // namespace toucanet
