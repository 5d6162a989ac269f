#pragma once
#include "runtime/kernel.h"

namespace toucanet::ops::depthwise_conv_2d {
/// float32 and int8 with a constant filter and one result for each input channel.
extern const Kernel depthwise_conv_2d_f32, depthwise_conv_2d_i8;
}  // namespace toucanet::ops::depthwise_conv_2d
