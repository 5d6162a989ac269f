#pragma once
#include "ops/resize_bilinear/resize_bilinear.h"
#include "runtime/kernel.h"

namespace toucanet::ops::resize_bilinear {

/// Between which elements of an axis a result lies.
struct Tap {
  int64_t low, high;
  float weight;  ///< of high
};
std::vector<Tap> taps(int64_t in, int64_t out, const ResizeBilinear::Attrs&);

/// Positions and weights in 1024ths; 2^20 halves away from zero.
struct FixedTap {
  int64_t low, high, weight;
};
std::vector<FixedTap> fixed_taps(int64_t in, int64_t out, const ResizeBilinear::Attrs&);

extern const Kernel resize_bilinear_f32, resize_bilinear_i8;

}  // namespace toucanet::ops::resize_bilinear
