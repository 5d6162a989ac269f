#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "toucanet/types.h"

namespace toucanet {

inline constexpr size_t dtype_count = static_cast<size_t>(DType::Token) + 1;

constexpr bool is_float(DType t) { return t == DType::F32 || t == DType::F64 || t == DType::F16 || t == DType::BF16; }
constexpr bool is_signed_int(DType t) { return t >= DType::I8 && t <= DType::I64; }
constexpr bool is_int(DType t) { return t >= DType::I8 && t <= DType::U64; }

/// A set of element types, as data in operator definitions.
struct DTypes {
  uint32_t bits = 0;
  constexpr DTypes() = default;
  constexpr DTypes(std::initializer_list<DType> ts) {
    for (DType t : ts) bits |= 1u << static_cast<unsigned>(t);
  }
  constexpr bool has(DType t) const { return (bits >> static_cast<unsigned>(t)) & 1u; }
  constexpr bool empty() const { return bits == 0; }
  constexpr DTypes operator|(DTypes o) const {
    DTypes r;
    r.bits = bits | o.bits;
    return r;
  }
};

}  // namespace toucanet
