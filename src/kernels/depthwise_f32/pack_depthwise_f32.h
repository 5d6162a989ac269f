#pragma once

#include <cstddef>

#include "kernels/depthwise_f32/depthwise_f32.h"

namespace toucanet {

size_t depthwise_f32_packed_bytes(const DepthwiseF32& kernel, size_t channels, size_t taps);

// From TFLite's layout [taps][channels] (depth multiplier 1); `bias` null: zeros.
void pack_depthwise_f32(const DepthwiseF32& kernel, size_t channels, size_t taps, const float* filter, const float* bias, float* packed);

}  // namespace toucanet
