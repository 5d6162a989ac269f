#pragma once
// Element types, quantisation, and which kernels run.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "toucanet/api.h"

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
/// "f32", "i8", …: the name in text form.
TOUCANET_API std::string_view name(DType);
TOUCANET_API std::optional<DType> dtype_from_name(std::string_view);
/// TensorFlow's name: "float32", "int8", ….
TOUCANET_API std::string_view tf_name(DType);
/// Bytes per element; 0 for strings, handles and sub-byte types.
TOUCANET_API size_t byte_size(DType);

/// scale·(q − zero_point), per tensor or along one axis.
struct Quant {
  std::vector<float> scale;
  std::vector<int64_t> zero_point;
  int32_t axis = 0;             ///< of the tensor, when there is more than one scale
  std::vector<float> min, max;  ///< the calibrated range, where the file holds one
  bool operator==(const Quant&) const = default;
};

/// Which implementation runs each operator.
enum class Resolver : uint8_t {
  Fast,   ///< kernels where they accept, plain evaluation elsewhere
  Plain,  ///< plain evaluation only
};

/// How int8 convolutions (CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV) and FULLY_CONNECTED bring sums back to 8 bits. Results differ by one at most.
enum class Rounding : uint8_t {
  Reference,  ///< as LiteRT's reference kernels: in fixed point
  Xnnpack,    ///< as XNNPACK, LiteRT's default delegate: once, in float32, ties to even
};

}  // namespace toucanet
