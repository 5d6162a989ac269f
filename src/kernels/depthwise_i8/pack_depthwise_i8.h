#pragma once

#include <cstddef>

#include "kernels/depthwise_i8/depthwise_i8.h"
#include "kernels/requantize.h"

namespace toucanet {

size_t depthwise_i8_packed_bytes(const DepthwiseI8& kernel, size_t channels, size_t taps);

// From TFLite's layout [taps][channels] (depth multiplier 1); `bias` null: zeros; a multiplier for each channel,
// mantissas ≥ 0. `packed` is aligned for int32.
void pack_depthwise_i8(const DepthwiseI8& kernel, size_t channels, size_t taps, const int8_t* filter, const int32_t* bias, int32_t input_zero_point,
                       const FixedMultiplier* multipliers, void* packed);

}  // namespace toucanet
