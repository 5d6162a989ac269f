#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Images [n,h,w,c] at another size, bilinearly interpolated.
struct ResizeBilinear {
  struct Attrs {
    bool align_corners = false;
    bool half_pixel_centers = false;
    TOUCANET_FIELDS(align_corners, half_pixel_centers)
  };
  static const OpDef def;
};
}  // namespace toucanet
