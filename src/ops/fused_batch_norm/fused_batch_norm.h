#pragma once
#include "ir/graph.h"

namespace toucanet {
/// scale·(x − mean)/√(variance + epsilon) + offset along the last axis. TensorFlow only; lowered to mul and add.
/// With is_training, mean and variance are those of x. Results as TensorFlow's: y, mean, variance.
struct FusedBatchNorm {
  struct Attrs {
    float epsilon = 1e-4f;
    bool is_training = false;
    TOUCANET_FIELDS(epsilon, is_training)
  };
  static const OpDef def;
};
}  // namespace toucanet
