#pragma once
#include "ir/graph.h"

namespace toucanet {
/// The variable's value. Its type is stated: the resource does not tell.
struct ReadVariable {
  struct Attrs {
    std::string result_type;  ///< "f32[2,3]"; in a file, the type of the result tensor
    TOUCANET_FIELDS(result_type)
  };
  static const OpDef def;
};
}  // namespace toucanet
