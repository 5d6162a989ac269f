#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Images [n,h,w,c] at another size, by the nearest element.
struct ResizeNearestNeighbor {
  struct Attrs {
    bool align_corners = false;
    bool half_pixel_centers = false;
    TOUCANET_FIELDS(align_corners, half_pixel_centers)
  };
  static const OpDef def;
};
}  // namespace toucanet
