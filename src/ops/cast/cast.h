#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Element type conversion; floats truncate towards zero.
struct Cast {
  struct Attrs {
    DType in_data_type = DType::F32;
    DType out_data_type = DType::F32;
    TOUCANET_FIELDS(in_data_type, out_data_type)
  };
  static const OpDef def;
};
}  // namespace toucanet
