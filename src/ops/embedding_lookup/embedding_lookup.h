#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Rows of a table [rows, …] by their indices [n]. A quantised table gives stored numbers or real ones.
struct EmbeddingLookup {
  struct Attrs {
    DType result_dtype = DType::F32;  ///< in a file, the element type of the result tensor
    TOUCANET_FIELDS(result_dtype)
  };
  static const OpDef def;
};
}  // namespace toucanet
