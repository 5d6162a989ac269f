#pragma once

#include <span>

#include "kernels/gemm_i8/gemm_i8.h"

namespace toucanet {

// Every gemm_i8.<isa>.cpp of this build, by rising ISA.
std::span<const GemmI8* const> gemm_i8_table();

}  // namespace toucanet
