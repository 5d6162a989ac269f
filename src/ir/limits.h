#pragma once
// How large a user's tensor or graph may be before it is refused rather than worked on.
#include <cstdint>
#include <optional>
#include <span>

namespace toucanet::limits {

inline constexpr int64_t elements = int64_t{1} << 36;       ///< of one tensor
inline constexpr int64_t spelled_out = int64_t{1} << 27;    ///< elements of all constants that the file does not hold
inline constexpr int64_t text_elements = int64_t{1} << 24;  ///< of all constants of a text
inline constexpr int64_t sampled = int64_t{1} << 25;        ///< elements of an input that verification makes up
inline constexpr int call_depth = 60;                       ///< of inlined functions
inline constexpr size_t inlined_nodes = 1 << 18;            ///< of all inlined functions
inline constexpr size_t rank = 64;

/// The product of dims; nullopt if one is negative, or the product of those that are not 0 is beyond `most`.
/// Strides of dims that pass are free of overflow.
inline std::optional<int64_t> product(std::span<const int64_t> dims, int64_t most = elements) {
  int64_t n = 1;
  bool empty = false;
  if (dims.size() > rank) return std::nullopt;
  for (int64_t d : dims) {
    if (d < 0 || (d && n > most / d)) return std::nullopt;
    if (d) n *= d;
    else empty = true;
  }
  return empty ? 0 : n;
}

}  // namespace toucanet::limits
