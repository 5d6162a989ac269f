#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Random numbers in [0, 1).
struct RandomUniform {
  struct Attrs {
    int64_t seed = 0;
    int64_t seed2 = 0;
    TOUCANET_FIELDS(seed, seed2)
  };
  static const OpDef def;
};
}  // namespace toucanet
