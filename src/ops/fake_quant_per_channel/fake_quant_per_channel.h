#pragma once
#include "ir/graph.h"

namespace toucanet {
/// fake_quant with a range for each index of x's last axis. min, max: f32[channels], or scalars: one range for all. TensorFlow only.
struct FakeQuantPerChannel {
  struct Attrs {
    int32_t num_bits = 8;
    bool narrow_range = false;
    TOUCANET_FIELDS(num_bits, narrow_range)
  };
  static const OpDef def;
};
}  // namespace toucanet
