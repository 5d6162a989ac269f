#pragma once
// Shared by RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR: images [n,h,w,c], size [2].
#include <cmath>

#include "import/graphdef/tf_node.h"
#include "ops/shapes.h"

namespace toucanet {

template <class Op>
Status infer_resize(InferContext& c) {
  if (c.dtype(1) != DType::I32) return c.error("the size is {}", name(c.dtype(1)));
  const Shape &x = c.shape(0), &s = c.shape(1);
  if (x.ranked() && x.rank() != 4) return c.error("the images [{}] must have rank 4", x.str());
  if (s.ranked() && (s.rank() != 1 || differ(s[0], 2))) return c.error("the size has the shape [{}], not [2]", s.str());
  Dim h = Dim::unknown(), w = Dim::unknown();
  if (const auto known = known_ints(c, 1); known && known->size() == 2) h = known->at(0), w = known->at(1);
  else if (c.ints(1) && c.ints(1)->size() == 2) h = (*c.ints(1))[0], w = (*c.ints(1))[1];
  if ((h.known() && h.value() < 1) || (w.known() && w.value() < 1)) return c.error("the size is {}×{}", h.str(), w.str());
  if (x.ranked() && (x[1].is(0) || x[2].is(0))) return c.error("the images [{}] are empty", x.str());
  c.out(c.dtype(0), Shape{x.ranked() ? x[0] : Dim::unknown(), h, w, x.ranked() ? x[3] : Dim::unknown()});
  return ok();
}

/// Source position of result element o, in float32 as both runtimes compute it.
struct ResizeScale {
  float scale;
  bool half_pixel;
  ResizeScale(int64_t in, int64_t out, bool align_corners, bool half)
      : scale(align_corners && out > 1 ? static_cast<float>(in - 1) / static_cast<float>(out - 1) : static_cast<float>(in) / static_cast<float>(out)),
        half_pixel(half) {}
};

template <class Op>
Expected<std::vector<Value>> import_resize(TfNode& n, Value images) {
  const Value size = n.in(1);
  const bool align = n.flag("align_corners", false), half = n.flag("half_pixel_centers", false);
  if (align && half) n.refuse("align_corners and half_pixel_centers exclude each other");
  return std::vector<Value>{n.add<Op>({images, n.as_i32(size)}, {.align_corners = align, .half_pixel_centers = half})};
}

}  // namespace toucanet
