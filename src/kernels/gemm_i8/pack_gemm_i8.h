#pragma once

#include <cstddef>

#include "kernels/gemm_i8/gemm_i8.h"
#include "kernels/requantize.h"

namespace toucanet {

// One panel serves nr columns; panel j begins at j · gemm_i8_panel_bytes.
size_t gemm_i8_panel_bytes(const GemmI8& kernel, size_t taps, size_t depth);
size_t gemm_i8_packed_bytes(const GemmI8& kernel, size_t n, size_t taps, size_t depth);

// From TFLite's layout [n][taps][depth]. `bias` null: zeros. `multipliers` null (for run_acc): zeros; otherwise one for
// each of the n columns, mantissas ≥ 0. `packed` is aligned for int32.
void pack_gemm_i8(const GemmI8& kernel, size_t n, size_t taps, size_t depth, const int8_t* filter, const int32_t* bias, int32_t input_zero_point,
                  const FixedMultiplier* multipliers, void* packed);

}  // namespace toucanet
