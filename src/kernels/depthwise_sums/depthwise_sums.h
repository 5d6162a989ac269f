#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/isa.h"

namespace toucanet {

// sums[p · channels + c] = Σ_t (a[p·taps + t][c] − zero_point) · w[t · channels + c] for p < pixels, c < channels.
//
// `a` holds pixels·taps pointers to `channels` elements each; a tap that lies in the padding points to elements that all
// are the zero point. Nothing else is read or written. Sums wrap at 32 bits: with int16 operands and weights of 8 bits
// they are exact for up to 511 taps. `lanes`: so many channels are computed at once.
struct DepthwiseSums {
  Isa isa;
  uint16_t lanes;
  void (*run_i8)(size_t pixels, size_t channels, size_t taps, const int8_t* const* a, int32_t zero_point, const int8_t* w, int32_t* sums);
  void (*run_i16)(size_t pixels, size_t channels, size_t taps, const int16_t* const* a, int32_t zero_point, const int8_t* w, int32_t* sums);
};

}  // namespace toucanet
