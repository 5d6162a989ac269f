#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The largest of x along axes; NaN wins. TensorFlow Lite passes over NaN. keep_dims keeps reduced axes as 1.
struct ReduceMax {
  struct Attrs {
    bool keep_dims = false;
    TOUCANET_FIELDS(keep_dims)
  };
  static const OpDef def;
};
}  // namespace toucanet
