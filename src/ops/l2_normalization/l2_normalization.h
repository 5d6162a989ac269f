#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x / max(√Σx², 1e-6) along the last axis. TensorFlow Lite only.
struct L2Normalization {
  struct Attrs {
    Activation fused_activation_function = Activation::None;
    TOUCANET_FIELDS(fused_activation_function)
  };
  static const OpDef def;
};
}  // namespace toucanet
