#pragma once

#include <stdint.h>

namespace toucanet {

// Instruction sets that kernels are written for, each containing those before it. What a file named for one may use is
// set in cmake/Kernels.cmake. Plain data: included by files that are compiled for every one of them.
enum class Isa : uint8_t { Scalar, Avx2, Avx512, Avx512Vnni };

}  // namespace toucanet
