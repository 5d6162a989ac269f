#pragma once

#include <span>

#include "kernels/bilinear_i8/bilinear_i8.h"

namespace toucanet {

// Every bilinear_i8.<isa>.cpp of this build, by rising ISA.
std::span<const BilinearI8* const> bilinear_i8_table();

}  // namespace toucanet
