#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace toucanet {

/// Element types. Token orders side effects and carries no data.
enum class DType : uint8_t {
  F32,
  F64,
  F16,
  BF16,
  I8,
  I16,
  I32,
  I64,
  U8,
  U16,
  U32,
  U64,
  Bool,
  String,
  C64,
  C128,
  I4,
  U4,
  I2,
  F8E4M3FN,
  F8E5M2,
  QI8,
  QU8,
  QI16,
  QU16,
  QI32,
  Resource,
  Variant,
  Token,
};
inline constexpr size_t dtype_count = static_cast<size_t>(DType::Token) + 1;

/// "f32", "i8", …: the name in text form.
std::string_view name(DType);
std::optional<DType> dtype_from_name(std::string_view);
/// TensorFlow's name: "float32", "int8", ….
std::string_view tf_name(DType);
/// Bytes per element; 0 for strings, handles and sub-byte types.
size_t byte_size(DType);

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
