#pragma once

#include <span>

#include "kernels/bilinear_f32/bilinear_f32.h"

namespace toucanet {

// Every bilinear_f32.<isa>.cpp of this build, by rising ISA.
std::span<const BilinearF32* const> bilinear_f32_table();

}  // namespace toucanet
