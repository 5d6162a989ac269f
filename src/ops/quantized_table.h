#pragma once
// Functions of one stored number by table, as LiteRT builds and reads its tables.
#include <array>

#include "ops/quantized_elementwise.h"

namespace toucanet {

/// The 256 results of an 8-bit operand, by its bits.
using Table8 = std::array<uint8_t, 256>;
/// Samples over the whole range of an int16 operand, 128 numbers apart, between which results are interpolated.
using Table16 = std::array<int16_t, 513>;

template <class F>
Table8 make_table8(const Affine& x, const Affine& y, QuantizedRange range, F f) {
  Table8 table{};
  const float per_unit = 1.0f / y.scale;
  for (int32_t q = range.low; q <= range.high; ++q) {
    const float r = std::round(f(x.scale * static_cast<float>(q - x.zero_point)) * per_unit) + static_cast<float>(y.zero_point);
    const float clamped = r >= static_cast<float>(range.low) ? std::min(r, static_cast<float>(range.high)) : static_cast<float>(range.low);
    table[static_cast<uint8_t>(q)] = static_cast<uint8_t>(static_cast<int32_t>(clamped));
  }
  return table;
}

/// T: what LiteRT computes the table in.
template <class T, class F>
Table16 make_table16(T x_scale, int32_t x_zero, T y_scale, int32_t y_zero, F f) {
  constexpr T low = -32768, high = 32767;
  const T from = x_scale * (low - static_cast<T>(x_zero)), to = x_scale * (high - static_cast<T>(x_zero));
  const T least = y_scale * (low - static_cast<T>(y_zero)), most = y_scale * (high - static_cast<T>(y_zero));
  const T step = (to - from) / 512, per_unit = 65536 / (most - least);
  const auto clamped = [&](T v) { return static_cast<int16_t>(v >= low ? std::min(v, high) : low); };
  Table16 table{};
  for (size_t i = 0; i < 512; ++i) {
    const T at = from + static_cast<T>(i) * step;
    const T sample = std::round(f(at) * per_unit), next = f(from + static_cast<T>(i + 1) * step) * per_unit;
    const T error = std::round((next + sample) / 2) - std::round(f(at + step / 2) * per_unit);
    table[i] = clamped(sample - std::round(error / 2));
  }
  table[512] = clamped(std::round(f(to) * per_unit));
  return table;
}
inline int32_t look_up(const Table16& table, int32_t q) {
  const auto i = static_cast<size_t>(256 + (q >> 7));
  const int32_t base = table[i];
  return base + (((table[i + 1] - base) * (q & 127) + 64) >> 7);
}

/// y = f(x) in 8 bits.
template <class F>
Status map_table8(EvalContext& c, const Affine& x, const Affine& y, F f) {
  const QuantizedRange range = range_of(c.in(0).dtype);
  const Table8 table = make_table8(x, y, range, f);
  return map_stored(c, [&](int32_t q) { return static_cast<int32_t>(table[static_cast<uint8_t>(q)]); });
}
/// y = f(x) in 8 or 16 bits.
template <class F>
Status map_table(EvalContext& c, F f) {
  TRY(const Affine x, affine_in(c, 0));
  TRY(const Affine y, affine_out(c));
  CHECK_OK(check_symmetric(c, {x, y}));
  if (c.in(0).dtype != DType::I16) return map_table8(c, x, y, f);
  const Table16 table = make_table16(x.scale, x.zero_point, y.scale, y.zero_point, f);
  return map_stored(c, [&](int32_t q) { return look_up(table, q); });
}
template <class F>
Status eval_table(EvalContext& c) {
  return map_table(c, [](float v) { return F{}(v); });
}

}  // namespace toucanet
