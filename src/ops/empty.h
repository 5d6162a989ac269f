#pragma once
#include <algorithm>

#include "ir/type.h"

namespace toucanet {
/// No tensor of this shape has an element: kernels of TensorFlow Lite that may crash on such are not used.
inline bool has_no_elements(const Shape& s) {
  return s.ranked() && std::ranges::any_of(s.dims(), [](const Dim& d) { return d.is(0); });
}
}  // namespace toucanet
