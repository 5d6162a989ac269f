#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Joins tensors along an axis.
struct Concatenation {
  struct Attrs {
    int32_t axis = 0;  ///< may be negative
    Activation fused_activation_function = Activation::None;
    TOUCANET_FIELDS(axis, fused_activation_function)
  };
  static const OpDef def;
};
}  // namespace toucanet
