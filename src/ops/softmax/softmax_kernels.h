#pragma once
#include "runtime/kernel.h"

namespace toucanet::ops::softmax {
/// 8 bits by a table of all differences to a row's largest; float32.
extern const Kernel softmax_8bit, softmax_f32;
}  // namespace toucanet::ops::softmax
