#pragma once
#include "ir/graph.h"

namespace toucanet {
/// An operator that the user's runtime knows by name.
struct Custom {
  struct Attrs {
    std::string custom_code;
    Bytes custom_options;        ///< a flexbuffer map of the TensorFlow attributes
    std::vector<int64_t> types;  ///< element types of the results
    TOUCANET_FIELDS(custom_code, custom_options, types)
  };
  static const OpDef def;
};
}  // namespace toucanet
