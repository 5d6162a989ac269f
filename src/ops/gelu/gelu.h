#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x·Φ(x); approximate: by tanh.
struct Gelu {
  struct Attrs {
    bool approximate = false;
    TOUCANET_FIELDS(approximate)
  };
  static const OpDef def;
};
}  // namespace toucanet
