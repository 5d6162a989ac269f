#pragma once
#include "runtime/kernel.h"

namespace toucanet::ops::conv_2d {
/// With a constant filter in one group, by indirect matrix products. Hybrid: float32 with a filter of int8.
extern const Kernel conv_2d_f32, conv_2d_i8, conv_2d_i8_xnnpack, conv_2d_hybrid, conv_2d_u8, conv_2d_i16;
}  // namespace toucanet::ops::conv_2d
