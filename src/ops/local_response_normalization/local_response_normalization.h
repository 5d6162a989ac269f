#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x·(bias + alpha·Σx²)^−beta, the sum over 2·radius + 1 channels.
struct LocalResponseNormalization {
  struct Attrs {
    int32_t radius = 0;
    float bias = 0;
    float alpha = 0;
    float beta = 0;
    TOUCANET_FIELDS(radius, bias, alpha, beta)
  };
  static const OpDef def;
};
}  // namespace toucanet
