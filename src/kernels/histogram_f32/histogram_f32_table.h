#pragma once

#include <span>

#include "kernels/histogram_f32/histogram_f32.h"

namespace toucanet {

// Every histogram_f32.<isa>.cpp of this build, by rising ISA.
std::span<const HistogramF32* const> histogram_f32_table();

}  // namespace toucanet
