#include "ir/dtype.h"

namespace toucanet {
namespace {
struct Row {
  std::string_view name, tf;
  size_t bytes;
};
constexpr Row rows[dtype_count] = {
    {"f32", "float32", 4},        {"f64", "float64", 8},       {"f16", "float16", 2},     {"bf16", "bfloat16", 2}, {"i8", "int8", 1},
    {"i16", "int16", 2},          {"i32", "int32", 4},         {"i64", "int64", 8},       {"u8", "uint8", 1},      {"u16", "uint16", 2},
    {"u32", "uint32", 4},         {"u64", "uint64", 8},        {"bool", "bool", 1},       {"string", "string", 0}, {"c64", "complex64", 8},
    {"c128", "complex128", 16},   {"i4", "int4", 0},           {"u4", "uint4", 0},        {"i2", "int2", 0},       {"f8e4m3fn", "float8_e4m3fn", 1},
    {"f8e5m2", "float8_e5m2", 1}, {"qi8", "qint8", 1},         {"qu8", "quint8", 1},      {"qi16", "qint16", 2},   {"qu16", "quint16", 2},
    {"qi32", "qint32", 4},        {"resource", "resource", 0}, {"variant", "variant", 0}, {"token", "token", 0},
};
}  // namespace

std::string_view name(DType t) { return rows[static_cast<size_t>(t)].name; }
std::string_view tf_name(DType t) { return rows[static_cast<size_t>(t)].tf; }
size_t byte_size(DType t) { return rows[static_cast<size_t>(t)].bytes; }

std::optional<DType> dtype_from_name(std::string_view n) {
  for (size_t i = 0; i < dtype_count; ++i)
    if (rows[i].name == n || rows[i].tf == n) return static_cast<DType>(i);
  return std::nullopt;
}

}  // namespace toucanet
