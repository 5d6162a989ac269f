#include "ops/neg/neg.h"

#include "ops/elementwise.h"
#include "ops/float_kernels.h"
#include "ops/quantized_elementwise.h"

namespace toucanet {
namespace ops::neg {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x) const {
    if constexpr (std::is_integral_v<decltype(x)>) return static_cast<decltype(x)>(0 - static_cast<std::make_unsigned_t<decltype(x)>>(x));
    else return -x;
  }
};
constexpr TfImport imports[] = {{"Neg", import_plain<Neg>, {}, Narrow::Same}};
constexpr Kernel neg_f32 = unary_f32<UnaryF32::Neg>("neg_f32");
constexpr const Kernel* kernels[] = {&neg_f32};
}  // namespace ops::neg

constinit const OpDef Neg::def =
    with_kernels(with_quantized(unary("neg", "−x", ops::neg::imports, eval_unary<ops::neg::Fn>,
                                      {.builtin = "NEG", .options = "NegOptions", .types = signed_types, .quantized = {DType::I8, DType::I16}}),
                                eval_unary<ops::neg::Fn>),
                 ops::neg::kernels);

}  // namespace toucanet
