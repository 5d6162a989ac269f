#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/elementwise_f32/elementwise_f32.h"
#include "kernels/independent.h"

// Loops that the compiler makes vectors of, with the instructions of the file that includes this; the unnamed namespace
// keeps them within it.

namespace toucanet {
namespace {

// log₂eˣ is split into a whole part, by adding a number whose last place is 1, and a rest within ±ln 2 / 2. The power
// of two is applied in two steps, so that results beyond the normal numbers come out right.
inline float exp_f32(float x) {
  const float bounded = x < -150.0f ? -150.0f : 130.0f < x ? 130.0f : x;
  constexpr float last_place_1 = 12582912.0f;
  const float shifted = bounded * 1.44269504f + last_place_1;
  const float whole = shifted - last_place_1;
  const float r = (bounded - whole * 0.693359375f) - whole * -2.12194440e-4f;
  const float q = (((0.0013814318f * r + 0.0083688516f) * r + 0.041668400f) * r + 0.16666520f) * r + 0.49999994f;
  const float near_one = (r * r) * q + r + 1.0f;
  const int32_t n = static_cast<int32_t>(__builtin_bit_cast(uint32_t, shifted) - __builtin_bit_cast(uint32_t, last_place_1));
  const int32_t half = n >> 1, rest = n - half;
  const float first = __builtin_bit_cast(float, static_cast<uint32_t>(half + 127) << 23);
  const float second = __builtin_bit_cast(float, static_cast<uint32_t>(rest + 127) << 23);
  return near_one * first * second;
}

// An odd polynomial near 0, where the quotient loses digits.
inline float tanh_f32(float x) {
  const float size = __builtin_fabsf(x), z = x * x;
  const float p = (((-0.0057049887f * z + 0.020639088f) * z - 0.053739715f) * z + 0.13331442f) * z - 0.33333282f;
  const float near = size * z * p + size;
  const float far = 1.0f - 2.0f / (exp_f32(size + size) + 1.0f);
  return __builtin_copysignf(size < 0.625f ? near : far, x);
}

template <class F>
void map(size_t n, const float* x, float* y, F f) {
  TOUCANET_INDEPENDENT
  for (size_t i = 0; i < n; ++i) y[i] = f(x[i]);
}

template <class F>
void map_pairs(size_t n, const float* x, size_t x_step, const float* y, size_t y_step, float* z, float low, float high, F f) {
  const auto clamp = [=](float v) { return v < low ? low : high < v ? high : v; };
  if (x_step && y_step) {
    TOUCANET_INDEPENDENT
    for (size_t i = 0; i < n; ++i) z[i] = clamp(f(x[i], y[i]));
  } else if (x_step) {
    const float b = *y;
    TOUCANET_INDEPENDENT
    for (size_t i = 0; i < n; ++i) z[i] = clamp(f(x[i], b));
  } else if (y_step) {
    const float a = *x;
    TOUCANET_INDEPENDENT
    for (size_t i = 0; i < n; ++i) z[i] = clamp(f(a, y[i]));
  } else {
    const float v = clamp(f(*x, *y));
    for (size_t i = 0; i < n; ++i) z[i] = v;
  }
}

void binary(BinaryF32 op, size_t n, const float* x, size_t x_step, const float* y, size_t y_step, float* z, float low, float high) {
  const auto run = [&](auto f) { map_pairs(n, x, x_step, y, y_step, z, low, high, f); };
  switch (op) {
    case BinaryF32::Add: return run([](float a, float b) { return a + b; });
    case BinaryF32::Sub: return run([](float a, float b) { return a - b; });
    case BinaryF32::Mul: return run([](float a, float b) { return a * b; });
    case BinaryF32::Div: return run([](float a, float b) { return a / b; });
    case BinaryF32::SquaredDifference: return run([](float a, float b) { return (a - b) * (a - b); });
    case BinaryF32::Prelu: return run([](float a, float slope) { return a >= 0.0f ? a : a * slope; });
  }
}

void unary(UnaryF32 op, size_t n, const float* x, float* y, float a, float b) {
  const auto run = [&](auto f) { map(n, x, y, f); };
  switch (op) {
    case UnaryF32::Clamp: return run([=](float v) { return v < a ? a : b < v ? b : v; });
    case UnaryF32::LeakyRelu: return run([=](float v) { return v > 0.0f ? v : v * a; });
    case UnaryF32::HardSwish:
      return run([](float v) {
        const float shifted = v + 3.0f;
        const float positive = shifted < 0.0f ? 0.0f : shifted;
        return v * (6.0f < positive ? 6.0f : positive) / 6.0f;
      });
    case UnaryF32::Exp: return run([](float v) { return exp_f32(v); });
    case UnaryF32::Logistic: return run([](float v) { return 1.0f / (1.0f + exp_f32(-v)); });
    case UnaryF32::Tanh: return run([](float v) { return tanh_f32(v); });
    case UnaryF32::Sqrt: return run([](float v) { return __builtin_sqrtf(v); });
    case UnaryF32::Rsqrt: return run([](float v) { return 1.0f / __builtin_sqrtf(v); });
    case UnaryF32::Abs: return run([](float v) { return __builtin_fabsf(v); });
    case UnaryF32::Neg: return run([](float v) { return -v; });
    case UnaryF32::Square: return run([](float v) { return v * v; });
  }
}

void quantize(size_t n, const float* x, uint8_t* y, float scale, int32_t zero_point, int32_t low, int32_t high) {
  const float least = static_cast<float>(low - zero_point), most = static_cast<float>(high - zero_point);
  TOUCANET_INDEPENDENT
  for (size_t i = 0; i < n; ++i) {
    const float v = x[i] / scale;
    const float bounded = v < least ? least : most < v ? most : v;
    const float number = bounded == bounded ? bounded : 0.0f;
    const int32_t whole = static_cast<int32_t>(number);
    const float rest = number - static_cast<float>(whole);
    const int32_t rounded = whole + (rest >= 0.5f) - (rest <= -0.5f) + zero_point;
    y[i] = static_cast<uint8_t>(bounded == bounded ? rounded : 0);
  }
}

void extremes(size_t n, const float* x, float* low, float* high) {
  constexpr size_t lanes = 64;
  float lows[lanes] = {}, highs[lanes] = {};
  size_t i = 0;
  for (; n - i >= lanes; i += lanes)
    for (size_t k = 0; k < lanes; ++k) {
      const float v = x[i + k];
      lows[k] = v < lows[k] ? v : lows[k];
      highs[k] = highs[k] < v ? v : highs[k];
    }
  for (size_t k = 0; i < n; ++i, ++k) {
    lows[k] = x[i] < lows[k] ? x[i] : lows[k];
    highs[k] = highs[k] < x[i] ? x[i] : highs[k];
  }
  *low = *high = 0;
  for (size_t k = 0; k < lanes; ++k) {
    *low = lows[k] < *low ? lows[k] : *low;
    *high = *high < highs[k] ? highs[k] : *high;
  }
}

// The largest number below one half, added, rounds halves away from zero and nothing else up.
void steps(size_t n, const float* x, int8_t* y, float inverse, int32_t zero_point, int32_t low) {
  const auto least = static_cast<float>(low - zero_point), most = static_cast<float>(127 - zero_point);
  TOUCANET_INDEPENDENT
  for (size_t i = 0; i < n; ++i) {
    const float v = x[i] * inverse;
    const float bounded = least < v ? v < most ? v : most : least;
    y[i] = static_cast<int8_t>(static_cast<int32_t>(bounded + __builtin_copysignf(0.49999997f, bounded)) + zero_point);
  }
}

}  // namespace
}  // namespace toucanet
