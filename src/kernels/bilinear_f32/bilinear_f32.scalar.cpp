#include "kernels/bilinear_f32/bilinear_f32.h"

namespace toucanet {
namespace {

void run(size_t pixels, size_t channels, const float* top, const float* bottom, float weight, const int* low, const int* high, const float* weights, float* y) {
  for (size_t p = 0; p < pixels; ++p, y += channels) {
    const size_t left = static_cast<size_t>(low[p]) * channels, right = static_cast<size_t>(high[p]) * channels;
    for (size_t c = 0; c < channels; ++c) {
      const float above = top[left + c] + (top[right + c] - top[left + c]) * weights[p];
      const float below = bottom[left + c] + (bottom[right + c] - bottom[left + c]) * weights[p];
      y[c] = above + (below - above) * weight;
    }
  }
}

}  // namespace

extern const BilinearF32 bilinear_f32_scalar;
const BilinearF32 bilinear_f32_scalar = {Isa::Scalar, run};

}  // namespace toucanet
