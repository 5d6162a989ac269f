#pragma once
#include "ir/graph.h"

namespace toucanet {
/// How many of the ascending boundaries are not above x, element by element, as i32. TensorFlow only.
struct Bucketize {
  struct Attrs {
    std::vector<float> boundaries;
    TOUCANET_FIELDS(boundaries)
  };
  static const OpDef def;
};
}  // namespace toucanet
