#pragma once
#include "ir/graph.h"

namespace toucanet {

enum class ScatterReduction : int8_t { Update, Add, Sub, Min, Max };
template <>
struct EnumNames<ScatterReduction> {
  static constexpr std::string_view names[] = {"update", "add", "sub", "min", "max"};
};

/// x with updates put at, added to, subtracted from or compared with the slices that rows (last axis) of indices name, row by
/// row: of rows that name the same slice, the last update stays.
struct TensorScatter {
  struct Attrs {
    ScatterReduction reduction = ScatterReduction::Update;
    TOUCANET_FIELDS(reduction)
  };
  static const OpDef def;
};

/// The slices that constant indices name differ from each other.
bool all_distinct(const Tensor& indices);
/// Empty, or why TensorFlow Lite's operators do not express a tensor_scatter. indices: nullptr where they are not constant.
std::string scatter_refusal(const TensorType& x, const Shape& rows, ScatterReduction, const Tensor* indices);

}  // namespace toucanet
