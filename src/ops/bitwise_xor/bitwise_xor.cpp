#include "ops/bitwise_xor/bitwise_xor.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::bitwise_xor {
struct Fn {
  static constexpr DTypes types{DType::I8, DType::I16, DType::I32, DType::I64, DType::U8, DType::U16, DType::U32, DType::U64};
  auto operator()(auto x, auto y) const { return static_cast<decltype(x)>(x ^ y); }
};
constexpr TfImport imports[] = {{"BitwiseXor", import_plain<BitwiseXor>}};
}  // namespace ops::bitwise_xor

constinit const OpDef BitwiseXor::def = binary("bitwise_xor", "x xor y on the bits of integers", Commutative, ops::bitwise_xor::imports,
                                               infer_binary<ops::bitwise_xor::Fn>, eval_binary<ops::bitwise_xor::Fn>,
                                               {.builtin = "BITWISE_XOR",
                                                .options = "BitwiseXorOptions",
                                                .types = {DType::I8, DType::I16, DType::I32, DType::U8, DType::U16, DType::U32},
                                                .refuses = broadcasts_at_most<4>});

}  // namespace toucanet
