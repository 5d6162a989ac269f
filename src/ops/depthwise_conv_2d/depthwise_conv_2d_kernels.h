#pragma once
#include "runtime/kernel.h"

namespace toucanet::ops::depthwise_conv_2d {
/// With a constant filter, one for each channel. Hybrid: float32 with a filter of int8.
extern const Kernel depthwise_conv_2d_f32, depthwise_conv_2d_i8, depthwise_conv_2d_i8_xnnpack, depthwise_conv_2d_hybrid, depthwise_conv_2d_u8,
    depthwise_conv_2d_i16;
}  // namespace toucanet::ops::depthwise_conv_2d
