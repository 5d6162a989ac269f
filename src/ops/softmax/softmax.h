#pragma once
#include "ir/graph.h"

namespace toucanet {
/// exp(beta·x) / Σ exp(beta·x) along the last axis.
struct Softmax {
  struct Attrs {
    float beta = 0;
    TOUCANET_FIELDS(beta)
  };
  static const OpDef def;
};
}  // namespace toucanet
