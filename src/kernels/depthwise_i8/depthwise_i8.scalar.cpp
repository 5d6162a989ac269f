#include "kernels/depthwise_i8/depthwise_i8.h"
#include "kernels/requantize.h"

namespace toucanet {
namespace {

constexpr size_t lanes = 4;

void run(size_t pixels, size_t channels, size_t taps, const int8_t* const* a, const void* w, int8_t* y, size_t y_stride, const RequantI8* q) {
  const auto* block = static_cast<const int8_t*>(w);
  for (size_t first = 0; first < channels; first += lanes) {
    const auto* bias = reinterpret_cast<const int32_t*>(block);
    const int8_t* weights = block + lanes * sizeof(int32_t);
    const auto* mantissas = reinterpret_cast<const int32_t*>(weights + taps * lanes);
    const size_t live = channels - first < lanes ? channels - first : lanes;
    for (size_t p = 0; p < pixels; ++p)
      for (size_t i = 0; i < live; ++i) {
        auto sum = static_cast<uint32_t>(bias[i]);
        for (size_t t = 0; t < taps; ++t) sum += static_cast<uint32_t>(a[p * taps + t][first + i] * weights[t * lanes + i]);
        y[p * y_stride + first + i] = requantized_i8(multiply_by_quantized_multiplier(static_cast<int32_t>(sum), {mantissas[i], mantissas[lanes + i]}), *q);
      }
    block = reinterpret_cast<const int8_t*>(mantissas + 2 * lanes);
  }
}

}  // namespace

extern const DepthwiseI8 depthwise_i8_scalar;
const DepthwiseI8 depthwise_i8_scalar = {Isa::Scalar, lanes, 1, false, nullptr, run};

}  // namespace toucanet
