#pragma once
#include <algorithm>

#include "ir/tensor.h"

namespace toucanet {
/// A constant of a file, whose booleans are any bytes, with 1 for what is not 0.
inline Tensor with_valid_booleans(Tensor t) {
  const auto bytes = [](const Tensor& of) { return std::span(reinterpret_cast<const uint8_t*>(of.raw()), of.bytes()); };
  if (t.dtype != DType::Bool || std::all_of(bytes(t).begin(), bytes(t).end(), [](uint8_t b) { return b <= 1; })) return t;
  Tensor valid = Tensor::zeros(DType::Bool, t.dims);
  const auto from = bytes(t);
  std::transform(from.begin(), from.end(), reinterpret_cast<uint8_t*>(valid.raw_mutable()), [](uint8_t b) { return uint8_t{b != 0}; });
  return valid;
}
}  // namespace toucanet
