#include "kernels/depthwise_f32/pack_depthwise_f32.h"

#include <algorithm>

namespace toucanet {

size_t depthwise_f32_packed_bytes(const DepthwiseF32& kernel, size_t channels, size_t taps) {
  return (channels + kernel.lanes - 1) / kernel.lanes * kernel.lanes * (1 + taps) * sizeof(float);
}

void pack_depthwise_f32(const DepthwiseF32& kernel, size_t channels, size_t taps, const float* filter, const float* bias, float* packed) {
  for (size_t first = 0; first < channels; first += kernel.lanes) {
    const size_t live = std::min<size_t>(kernel.lanes, channels - first);
    for (size_t i = 0; i < kernel.lanes; ++i) *packed++ = bias && i < live ? bias[first + i] : 0.0f;
    for (size_t t = 0; t < taps; ++t)
      for (size_t i = 0; i < kernel.lanes; ++i) *packed++ = i < live ? filter[t * channels + first + i] : 0.0f;
  }
}

}  // namespace toucanet
