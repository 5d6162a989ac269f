#pragma once

#include <span>

#include "kernels/finish_sums/finish_sums.h"

namespace toucanet {

// Every finish_sums.<isa>.cpp of this build, by rising ISA.
std::span<const FinishSums* const> finish_sums_table();

}  // namespace toucanet
