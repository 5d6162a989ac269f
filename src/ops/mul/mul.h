#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x·y, element by element, broadcasting; then the activation.
struct Mul {
  struct Attrs {
    Activation fused_activation_function = Activation::None;
    TOUCANET_FIELDS(fused_activation_function)
  };
  static const OpDef def;
};
}  // namespace toucanet
