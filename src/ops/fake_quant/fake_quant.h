#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x rounded to the 2^num_bits levels of a range that is nudged to hold 0. TensorFlow Lite makes NaN the least level.
struct FakeQuant {
  struct Attrs {
    float min = 0;
    float max = 0;
    int32_t num_bits = 0;
    bool narrow_range = false;
    TOUCANET_FIELDS(min, max, num_bits, narrow_range)
  };
  static const OpDef def;
};
}  // namespace toucanet
