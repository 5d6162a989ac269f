#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x where x > 0, alpha·x otherwise.
struct LeakyRelu {
  struct Attrs {
    float alpha = 0;
    TOUCANET_FIELDS(alpha)
  };
  static const OpDef def;
};
}  // namespace toucanet
