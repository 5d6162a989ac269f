#pragma once

#include <span>

#include "kernels/elementwise_f32/elementwise_f32.h"

namespace toucanet {

// Every elementwise_f32.<isa>.cpp of this build, by rising ISA.
std::span<const ElementwiseF32* const> elementwise_f32_table();

}  // namespace toucanet
