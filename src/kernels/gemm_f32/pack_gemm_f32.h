#pragma once

#include <cstddef>

#include "kernels/gemm_f32/gemm_f32.h"

namespace toucanet {

// One panel serves nr columns; panel j begins at j · gemm_f32_panel_floats.
size_t gemm_f32_panel_floats(const GemmF32& kernel, size_t taps, size_t depth);
size_t gemm_f32_packed_bytes(const GemmF32& kernel, size_t n, size_t taps, size_t depth);

// From TFLite's layout [n][taps][depth]; `bias` null: zeros. The columns beyond n are zero.
void pack_gemm_f32(const GemmF32& kernel, size_t n, size_t taps, size_t depth, const float* filter, const float* bias, float* packed);

// From [depth][n], a matrix that stands on the right of a product; one tap.
void pack_gemm_f32_right(const GemmF32& kernel, size_t n, size_t depth, const float* matrix, const float* bias, float* packed);

}  // namespace toucanet
