#pragma once

#include <stddef.h>

#include "kernels/isa.h"
#include "kernels/requant_i8.h"

namespace toucanet {

// acc[p][c] = bias[c] + Σ_t (a[p·taps + t][c] − z_x) · w[t][c], exactly, for p < pixels, c < channels, all ≥ 1;
// `run` writes it as int8, rescaled as TFLite does (kernels/requantize.h).
//
// `a` holds pixels·taps pointers to `channels` bytes each; a tap that lies in the padding points to bytes that all are
// z_x. `w` as pack_depthwise_i8 lays it out, for each block of `lanes` channels: int32 bias[lanes] with the terms of
// GemmI8 folded in, ⌈taps/tap_group⌉ × lanes × tap_group weights, then int32 multiplier[lanes] and exponent[lanes].
// Slot i of a block holds its channel order[i]; null: channel i. `y_stride` counts elements. Nothing else is read or
// written. Sums wrap at 32 bits.
struct DepthwiseI8 {
  Isa isa;
  uint16_t lanes, tap_group;
  bool unsigned_a;
  const uint8_t* order;
  void (*run)(size_t pixels, size_t channels, size_t taps, const int8_t* const* a, const void* w, int8_t* y, size_t y_stride, const RequantI8* q);
};

}  // namespace toucanet
