#include "kernels/depthwise_i8/pack_depthwise_i8.h"

#include <cstring>

namespace toucanet {
namespace {

size_t groups(const DepthwiseI8& kernel, size_t taps) { return (taps + kernel.tap_group - 1) / kernel.tap_group; }

size_t block_bytes(const DepthwiseI8& kernel, size_t taps) { return kernel.lanes * (3 * sizeof(int32_t) + groups(kernel, taps) * kernel.tap_group); }

void store(int8_t* block, size_t slot, int32_t value) { std::memcpy(block + slot * sizeof value, &value, sizeof value); }

}  // namespace

size_t depthwise_i8_packed_bytes(const DepthwiseI8& kernel, size_t channels, size_t taps) {
  return (channels + kernel.lanes - 1) / kernel.lanes * block_bytes(kernel, taps);
}

void pack_depthwise_i8(const DepthwiseI8& kernel, size_t channels, size_t taps, const int8_t* filter, const int32_t* bias, int32_t input_zero_point,
                       const FixedMultiplier* multipliers, void* packed) {
  std::memset(packed, 0, depthwise_i8_packed_bytes(kernel, channels, taps));
  const auto offset = static_cast<uint32_t>(-(input_zero_point + (kernel.unsigned_a ? 128 : 0)));
  auto* block = static_cast<int8_t*>(packed);
  for (size_t first = 0; first < channels; first += kernel.lanes, block += block_bytes(kernel, taps)) {
    int8_t* weights = block + kernel.lanes * sizeof(int32_t);
    int8_t* mantissas = weights + groups(kernel, taps) * kernel.tap_group * kernel.lanes;
    for (size_t slot = 0; slot < kernel.lanes; ++slot) {
      const size_t c = first + (kernel.order ? kernel.order[slot] : slot);
      if (c >= channels) continue;
      auto sum = static_cast<uint32_t>(bias ? bias[c] : 0);
      for (size_t t = 0; t < taps; ++t) {
        const int8_t w = filter[t * channels + c];
        sum += static_cast<uint32_t>(w) * offset;
        weights[(t / kernel.tap_group * kernel.lanes + slot) * kernel.tap_group + t % kernel.tap_group] = w;
      }
      store(block, slot, static_cast<int32_t>(sum));
      store(mantissas, slot, multipliers[c].mantissa);
      store(mantissas, kernel.lanes + slot, multipliers[c].exponent);
    }
  }
}

}  // namespace toucanet
