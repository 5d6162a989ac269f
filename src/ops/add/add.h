#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x + y, element by element, broadcasting; then the activation.
struct Add {
  struct Attrs {
    Activation fused_activation_function = Activation::None;
    bool pot_scale_int16 = true;  ///< of int16 files: power-of-two scales
    TOUCANET_FIELDS(fused_activation_function, pot_scale_int16)
  };
  static const OpDef def;
};
}  // namespace toucanet
