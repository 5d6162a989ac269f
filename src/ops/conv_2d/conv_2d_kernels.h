#pragma once
#include "runtime/kernel.h"

namespace toucanet::ops::conv_2d {
/// float32 and int8 with a constant filter in one group, by indirect matrix products.
extern const Kernel conv_2d_f32, conv_2d_i8;
}  // namespace toucanet::ops::conv_2d
