#include "ops/bitwise_xor/bitwise_xor.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::bitwise_xor {
struct Fn {
  static constexpr DTypes types{DType::I8, DType::I16, DType::I32, DType::I64, DType::U8, DType::U16, DType::U32, DType::U64};
  auto operator()(auto x, auto y) const { return static_cast<decltype(x)>(x ^ y); }
};
Expected<std::vector<Value>> from_invert(TfNode& n) {
  const Value x = n.in(0);
  if (n.failed()) return std::vector<Value>{};
  Tensor ones = Tensor::zeros(n.type(x).dtype, {});
  dispatch(ones.dtype, [&]<class T>(T) {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) ones.as_mutable<T>()[0] = static_cast<T>(-1);
  });
  return std::vector<Value>{n.add<BitwiseXor>({x, n.constant(std::move(ones))})};
}
constexpr TfImport imports[] = {{"BitwiseXor", import_plain<BitwiseXor>}, {"Invert", from_invert}};
}  // namespace ops::bitwise_xor

constinit const OpDef BitwiseXor::def = binary("bitwise_xor", "x xor y on the bits of integers", Commutative, ops::bitwise_xor::imports,
                                               infer_binary<ops::bitwise_xor::Fn>, eval_binary<ops::bitwise_xor::Fn>,
                                               {.builtin = "BITWISE_XOR",
                                                .options = "BitwiseXorOptions",
                                                .types = {DType::I8, DType::I16, DType::I32, DType::U8, DType::U16, DType::U32},
                                                .refuses = broadcasts_at_most<4>});

}  // namespace toucanet
