#pragma once

#include <span>

#include "kernels/gemm_f32/gemm_f32.h"

namespace toucanet {

// Every gemm_f32.<isa>.cpp of this build, by rising ISA.
std::span<const GemmF32* const> gemm_f32_table();

}  // namespace toucanet
