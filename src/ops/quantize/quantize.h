#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The stored numbers nearest to x: round(x / scale) + zero_point. Quantised integers are rescaled.
struct Quantize {
  struct Attrs {
    DType result_dtype = DType::I8;  ///< in a file, the element type of the result tensor
    TOUCANET_FIELDS(result_dtype)
  };
  static const OpDef def;
};
}  // namespace toucanet
