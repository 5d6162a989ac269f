#pragma once

#include <span>

#include "kernels/elementwise_i8/elementwise_i8.h"

namespace toucanet {

// Every elementwise_i8.<isa>.cpp of this build, by rising ISA.
std::span<const ElementwiseI8* const> elementwise_i8_table();

}  // namespace toucanet
