#pragma once
#include "runtime/kernel.h"

namespace toucanet::ops::fully_connected {
/// float32 and int8 with constant weights.
extern const Kernel fully_connected_f32, fully_connected_i8;
}  // namespace toucanet::ops::fully_connected
