#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels/finish_sums/finish_sums.h"
#include "kernels/independent.h"

// Loops that the compiler makes vectors of, with the instructions of the file that includes this; the unnamed namespace
// keeps them within it.

namespace toucanet {
namespace {

void to_f32(size_t n, const int32_t* sums, int32_t zero_point, const int32_t* weights, float row_scale, const float* scales, const float* bias, float low,
            float high, float* y) {
  TOUCANET_INDEPENDENT
  for (size_t i = 0; i < n; ++i) {
    const uint32_t sum = static_cast<uint32_t>(sums[i]) - static_cast<uint32_t>(zero_point) * static_cast<uint32_t>(weights[i]);
    const float v = static_cast<float>(static_cast<int32_t>(sum)) * (row_scale * scales[i]) + bias[i];
    y[i] = v < low ? low : high < v ? high : v;
  }
}

// 64-bit vectors of a fixed length, for which the compiler takes the registers at hand. Handed on by reference: by value
// they would depend on the instruction set.
constexpr size_t lanes = 8;
using Wide = int64_t __attribute__((vector_size(lanes * sizeof(int64_t))));
using Narrow = int32_t __attribute__((vector_size(lanes * sizeof(int32_t))));

inline void load(const int32_t* from, Wide& to) {
  Narrow v;
  memcpy(&v, from, sizeof v);
  to = __builtin_convertvector(v, Wide);
}
inline void wrap(Wide& v) { v = __builtin_convertvector(__builtin_convertvector(v, Narrow), Wide); }
inline void choose(const Wide& where, const Wide& yes, const Wide& no, Wide& to) { to = (yes & where) | (no & ~where); }

inline void round_twice(const Wide& mantissa, const Wide& exponent, Wide& v) {
  const Wide zero = {}, positive = exponent > 0, left = exponent & positive, right = zero - (exponent & ~positive);
  v = (v << (left & 31)) & (left <= 31);
  wrap(v);
  v = (v * mantissa + (int64_t{1} << 30)) >> 31;
  const Wide one = zero + 1, rest = (one << right) - 1;
  const Wide up = (v & rest) > (rest >> 1) - (v >> 63);  // -1 where true
  v = (v >> right) - up;
  wrap(v);
}

inline void round_once(const Wide& mantissa, const Wide& exponent, Wide& v) {
  const Wide one = Wide{} + 1, shift = 31 - exponent;
  wrap(v);
  v = (v * mantissa + (one << (shift - 1))) >> shift;
}

// Products wrap at 64 bits.
inline void round_wide(const Wide& mantissa, const Wide& exponent, Wide& v) {
  using Unsigned = uint64_t __attribute__((vector_size(lanes * sizeof(uint64_t))));
  const Wide one = Wide{} + 1;
  Wide reduced, shift;
  choose(mantissa < 0x7FFF0000, (mantissa + (1 << 15)) >> 16, one * 0x7FFF, reduced);
  choose(exponent < 15, 15 - exponent, one, shift);
  v = reinterpret_cast<Wide>(reinterpret_cast<Unsigned>(v) * reinterpret_cast<Unsigned>(reduced) + reinterpret_cast<Unsigned>(one << (shift - 1))) >> shift;
  wrap(v);
}

// Neighbouring channels; `upper` null: there is one sum only.
struct Channels {
  const int32_t *upper, *lower, *mantissas, *exponents;
  const int64_t* bias;
};

template <SumRounding rounding, class T>
inline void finish_vector(const FinishInteger& f, const Channels& c, T* to) {
  Wide v, part, mantissa, exponent;
  load(c.lower, v);
  if (c.upper) load(c.upper, part), v += part * 256;
  memcpy(&part, c.bias, sizeof part);
  v += part;
  load(c.mantissas, mantissa), load(c.exponents, exponent);
  if (rounding == SumRounding::Twice) round_twice(mantissa, exponent, v);
  else if (rounding == SumRounding::Once) round_once(mantissa, exponent, v);
  else round_wide(mantissa, exponent, v);
  v += f.zero_point;
  if (rounding != SumRounding::Once) wrap(v);
  const Wide low = Wide{} + f.low, high = Wide{} + f.high;
  choose(v < low, low, v, v);
  choose(high < v, high, v, v);
  using Shorts = int16_t __attribute__((vector_size(lanes * sizeof(int16_t))));
  T y __attribute__((vector_size(lanes * sizeof(T))));
  y = __builtin_convertvector(__builtin_convertvector(__builtin_convertvector(v, Narrow), Shorts), decltype(y));
  memcpy(to, &y, sizeof y);
}

template <SumRounding rounding, class T>
inline void finish(size_t n, const FinishInteger& f, const int32_t* upper, const int32_t* lower, T* y) {
  size_t i = 0;
  for (; n - i >= lanes; i += lanes) finish_vector<rounding>(f, {upper ? upper + i : nullptr, lower + i, f.mantissas + i, f.exponents + i, f.bias + i}, y + i);
  if (i == n) return;
  int32_t last[4][lanes] = {};
  int64_t bias[lanes] = {};
  T results[lanes];
  const size_t bytes = (n - i) * sizeof(int32_t);
  if (upper) memcpy(last[0], upper + i, bytes);
  memcpy(last[1], lower + i, bytes);
  memcpy(last[2], f.mantissas + i, bytes);
  memcpy(last[3], f.exponents + i, bytes);
  memcpy(bias, f.bias + i, 2 * bytes);
  finish_vector<rounding>(f, {upper ? last[0] : nullptr, last[1], last[2], last[3], bias}, results);
  memcpy(y + i, results, (n - i) * sizeof(T));
}

// Any number beyond 2^20 is beyond every bound; adding one whose last place is 1 rounds.
template <class T, class Sum>
inline void finish_to_even(size_t n, const FinishInteger& f, T* y, Sum sum) {
  constexpr float bound = 1048576.0f, last_place_1 = 12582912.0f;
  const int32_t zero_point = f.zero_point, low = f.low, high = f.high;
  const int64_t* bias = f.bias;
  const float* scales = f.scales;
  TOUCANET_INDEPENDENT
  for (size_t i = 0; i < n; ++i) {
    const float v = static_cast<float>(static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint64_t>(sum(i) + bias[i])))) * scales[i];
    const float bounded = v < -bound ? -bound : bound < v ? bound : v;
    const int32_t whole = static_cast<int32_t>((bounded + last_place_1) - last_place_1) + zero_point;
    y[i] = static_cast<T>(whole < low ? low : high < whole ? high : whole);
  }
}

template <class T>
inline void finish_by(size_t n, const FinishInteger& f, const int32_t* upper, const int32_t* lower, T* y) {
  switch (f.rounding) {
    case SumRounding::Twice: return finish<SumRounding::Twice>(n, f, upper, lower, y);
    case SumRounding::Once: return finish<SumRounding::Once>(n, f, upper, lower, y);
    case SumRounding::Wide: return finish<SumRounding::Wide>(n, f, upper, lower, y);
    case SumRounding::ToEven: break;
  }
  if (upper) finish_to_even(n, f, y, [=](size_t i) { return static_cast<int64_t>(upper[i]) * 256 + lower[i]; });
  else finish_to_even(n, f, y, [=](size_t i) { return static_cast<int64_t>(lower[i]); });
}
template <class T>
void finish_sums(size_t n, const int32_t* sums, const FinishInteger& f, T* y) {
  finish_by(n, f, nullptr, sums, y);
}
void finish_halves(size_t n, const int32_t* upper, const int32_t* lower, const FinishInteger& f, int16_t* y) { finish_by(n, f, upper, lower, y); }

void split(size_t n, const int16_t* x, int8_t* upper, int8_t* lower) {
  TOUCANET_INDEPENDENT
  for (size_t i = 0; i < n; ++i) {
    upper[i] = static_cast<int8_t>(x[i] >> 8);
    lower[i] = static_cast<int8_t>((x[i] & 255) - 128);
  }
}

}  // namespace
}  // namespace toucanet
