#include "kernels/depthwise_f32/depthwise_f32.h"

namespace toucanet {
namespace {

constexpr size_t lanes = 4;

float clamp(float x, float low, float high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

void run_block(size_t pixels, size_t first, size_t live, size_t taps, const float* const* a, const float* w, float* y, size_t y_stride, float low, float high) {
  for (size_t p = 0; p < pixels; ++p, a += taps, y += y_stride)
    for (size_t i = 0; i < live; ++i) {
      float sum = w[i];
      for (size_t t = 0; t < taps; ++t) sum += a[t][first + i] * w[(1 + t) * lanes + i];
      y[first + i] = clamp(sum, low, high);
    }
}

void run(size_t pixels, size_t channels, size_t taps, const float* const* a, const float* w, float* y, size_t y_stride, float low, float high) {
  for (size_t first = 0; first < channels; first += lanes, w += (1 + taps) * lanes) {
    const size_t live = channels - first < lanes ? channels - first : lanes;
    run_block(pixels, first, live, taps, a, w, y, y_stride, low, high);
  }
}

}  // namespace

extern const DepthwiseF32 depthwise_f32_scalar;
const DepthwiseF32 depthwise_f32_scalar = {Isa::Scalar, lanes, run};

}  // namespace toucanet
