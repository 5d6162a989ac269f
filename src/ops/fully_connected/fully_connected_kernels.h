#pragma once
#include "runtime/kernel.h"

namespace toucanet::ops::fully_connected {
/// With constant weights. Hybrid: float32 with weights of int8.
extern const Kernel fully_connected_f32, fully_connected_i8, fully_connected_hybrid, fully_connected_u8, fully_connected_i16;
}  // namespace toucanet::ops::fully_connected
