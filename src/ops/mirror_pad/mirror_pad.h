#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Pads with the mirrored tensor; `symmetric` repeats the border element.
struct MirrorPad {
  struct Attrs {
    MirrorPadMode mode = MirrorPadMode::Reflect;
    TOUCANET_FIELDS(mode)
  };
  static const OpDef def;
};
}  // namespace toucanet
