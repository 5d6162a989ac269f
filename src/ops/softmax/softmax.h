#pragma once
#include "ir/graph.h"

namespace toucanet {
/// exp(beta·x) / Σ exp(beta·x) along the last axis.
struct Softmax {
  struct Attrs {
    float beta = 0;
    DType result_dtype = DType::F32;  ///< of int8 operands, in a file the element type of the result; else ignored
    TOUCANET_FIELDS(beta, result_dtype)
  };
  static const OpDef def;
};
}  // namespace toucanet
