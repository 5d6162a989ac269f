#pragma once

#include <stddef.h>

#include "kernels/isa.h"
#include "kernels/requant_i8.h"

namespace toucanet {

// acc[m][n] = bias[n] + Σ_t Σ_k (a[t·mr + m][k] − z_x) · w[t][k][n], exactly, for m < rows, n < cols; 1 ≤ rows ≤ mr, 1 ≤ cols ≤ nr.
// `run` writes it as int8, rescaled as TFLite does (kernels/requantize.h); `run_acc` writes it as it is. `run_flipped` is
// `run` for bytes whose sign bit is flipped already, and may read on to the next multiple of kr behind a row; null
// where that would gain nothing.
//
// `a` holds taps·mr pointers to `depth` bytes each, valid also for m ≥ rows (repeat a row). A tap that lies in the
// padding points to bytes that all are z_x. `w` is one panel as pack_gemm_i8 lays it out: bias int32[nr] with
// −z_x·Σw folded in (and, for unsigned_a, −128·Σw), for each tap ⌈depth/kr⌉ × nr × kr weights, then int32
// multiplier[nr] and exponent[nr]. `c_stride` counts elements. Nothing else is read or written. Sums wrap at 32 bits.
struct GemmI8 {
  Isa isa;
  uint16_t mr, nr, kr;
  bool unsigned_a;
  void (*run)(size_t rows, size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int8_t* c, size_t c_stride, const RequantI8* q);
  void (*run_acc)(size_t rows, size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int32_t* c, size_t c_stride);
  void (*run_flipped)(size_t rows, size_t cols, size_t taps, size_t depth, const int8_t* const* a, const void* w, int8_t* c, size_t c_stride,
                      const RequantI8* q);
};

}  // namespace toucanet
