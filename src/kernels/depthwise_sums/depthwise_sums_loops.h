#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels/depthwise_sums/depthwise_sums.h"
#include "kernels/unroll.h"

// In vectors of a fixed length, for which the compiler takes the registers of the file that includes this; the unnamed
// namespace keeps all within it.

namespace toucanet {
namespace {

constexpr size_t lanes = 16;
using Sums = uint32_t __attribute__((vector_size(lanes * sizeof(uint32_t))));
using Signed = int32_t __attribute__((vector_size(lanes * sizeof(int32_t))));
using Shorts = int16_t __attribute__((vector_size(lanes * sizeof(int16_t))));

// Sums' lanes from `live` elements; whole vectors are read at once. GCC converts well where sizes double.
template <bool whole, class T>
inline void load(const T* from, size_t live, Sums& to) {
  T __attribute__((vector_size(lanes * sizeof(T)))) v = {};
  memcpy(&v, from, whole ? sizeof v : live * sizeof(T));
  to = reinterpret_cast<Sums>(__builtin_convertvector(__builtin_convertvector(v, Shorts), Signed));
}

template <class X, size_t vectors, bool whole>
inline void block(size_t channels, size_t taps, const X* const* a, size_t first, uint32_t zero_point, const int8_t* w, int32_t* sums) {
  Sums acc[vectors] = {};
  const size_t live = whole ? lanes : channels - first;
  for (size_t t = 0; t < taps; ++t) {
    TOUCANET_UNROLL
    for (size_t v = 0; v < vectors; ++v) {
      Sums x, f;
      load<whole>(a[t] + first + v * lanes, live, x);
      load<whole>(w + t * channels + first + v * lanes, live, f);
      acc[v] += (x - zero_point) * f;
    }
  }
  memcpy(sums + first, acc, whole ? sizeof acc : live * sizeof(int32_t));
}

template <class X>
void run(size_t pixels, size_t channels, size_t taps, const X* const* a, int32_t zero, const int8_t* w, int32_t* sums) {
  const auto zero_point = static_cast<uint32_t>(zero);
  for (size_t p = 0; p < pixels; ++p, a += taps, sums += channels) {
    size_t first = 0;
    for (; channels - first >= 4 * lanes; first += 4 * lanes) block<X, 4, true>(channels, taps, a, first, zero_point, w, sums);
    for (; channels - first >= lanes; first += lanes) block<X, 1, true>(channels, taps, a, first, zero_point, w, sums);
    if (first < channels) block<X, 1, false>(channels, taps, a, first, zero_point, w, sums);
  }
}

}  // namespace
}  // namespace toucanet
