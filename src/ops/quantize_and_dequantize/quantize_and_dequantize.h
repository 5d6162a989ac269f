#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x rounded to the levels of a scaled integer type, zero being one of them. TensorFlow only. Source:
/// TensorFlow's QuantizeAndDequantizeV2 with a given range.
struct QuantizeAndDequantize {
  struct Attrs {
    float min = 0;
    float max = 0;
    int32_t num_bits = 8;
    bool signed_input = true;
    bool narrow_range = false;
    bool half_up = false;  ///< ties go up; false: to the even level
    TOUCANET_FIELDS(min, max, num_bits, signed_input, narrow_range, half_up)
  };
  static const OpDef def;
};

/// least … most are the ends of the levels, scale their number per unit.
struct QuantizeLevels {
  float least, most, scale, inverse;
};
QuantizeLevels levels_of(const QuantizeAndDequantize::Attrs&);
}  // namespace toucanet
