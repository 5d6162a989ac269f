#pragma once

#include <span>

#include "kernels/depthwise_sums/depthwise_sums.h"

namespace toucanet {

// Every depthwise_sums.<isa>.cpp of this build, by rising ISA.
std::span<const DepthwiseSums* const> depthwise_sums_table();

}  // namespace toucanet
