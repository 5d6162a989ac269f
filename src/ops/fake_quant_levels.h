#pragma once
// The levels of TensorFlow's FakeQuant operators.
#include <cmath>

namespace toucanet {

/// In float32 and in this order, so that levels and ties fall as the runtime's do: TensorFlow counts levels from zero,
/// TensorFlow Lite from the least.
struct FakeQuantLevels {
  float least = 0, most = 0, scale = 0, inverse = 0, zero_level = 0;

  FakeQuantLevels(float min, float max, int num_bits, bool narrow) {
    if (min == max) return;  // everything becomes 0
    const float lo = narrow ? 1 : 0, hi = static_cast<float>((1 << num_bits) - 1);
    scale = (max - min) / (hi - lo);
    const float zero = lo - min / scale;
    const float nudged_zero = zero < lo ? lo : zero > hi ? hi : std::round(zero);
    least = (lo - nudged_zero) * scale, most = (hi - nudged_zero) * scale;
    inverse = 1.0f / scale, zero_level = std::floor(-least * inverse + 0.5f);
  }
  float tensorflow(float x) const { return std::floor((clamped(x) - least) * inverse - zero_level + 0.5f) * scale; }
  float tflite(float x) const { return std::round((x != x ? 0 : clamped(x) - least) * inverse) * scale + least; }

 private:
  float clamped(float x) const { return x < least ? least : x > most ? most : x; }
};

}  // namespace toucanet
