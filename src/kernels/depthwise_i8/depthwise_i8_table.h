#pragma once

#include <span>

#include "kernels/depthwise_i8/depthwise_i8.h"

namespace toucanet {

// Every depthwise_i8.<isa>.cpp of this build, by rising ISA.
std::span<const DepthwiseI8* const> depthwise_i8_table();

}  // namespace toucanet
