#pragma once
#include "ir/graph.h"

namespace toucanet {
/// A variable, by name.
struct VarHandle {
  struct Attrs {
    std::string container;
    std::string shared_name;
    TOUCANET_FIELDS(container, shared_name)
  };
  static const OpDef def;
};
}  // namespace toucanet
