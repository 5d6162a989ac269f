#pragma once

#include <span>

#include "kernels/depthwise_f32/depthwise_f32.h"

namespace toucanet {

// Every depthwise_f32.<isa>.cpp of this build, by rising ISA.
std::span<const DepthwiseF32* const> depthwise_f32_table();

}  // namespace toucanet
