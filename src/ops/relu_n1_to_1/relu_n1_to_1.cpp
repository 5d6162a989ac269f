#include "ops/relu_n1_to_1/relu_n1_to_1.h"

#include "ir/quant_rule.h"
#include "ops/float_kernels.h"
#include "ops/quantized_relu.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::relu_n1_to_1 {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return x < -1.0f ? -1.0f : 1.0f < x ? 1.0f : x; }
};
struct Bounds {
  static constexpr float low = -1, high = 1;
};
FloatRange bounds(const KernelUse&) { return FloatRange::of(Activation::ReluN1To1); }
constexpr Kernel relu_n1_to_1_f32 = unary_f32<UnaryF32::Clamp, bounds>("relu_n1_to_1_f32");
constexpr const Kernel* kernels[] = {&relu_n1_to_1_f32, &table_8bit};
}  // namespace ops::relu_n1_to_1

constinit const OpDef ReluN1To1::def =
    with_kernels(with_quant(with_quantized(unary("relu_n1_to_1", "min(max(x, −1), 1)", std::span<const TfImport>{}, eval_unary<ops::relu_n1_to_1::Fn>,
                                                 {.builtin = "RELU_N1_TO_1", .types = {DType::F32}, .quantized = {DType::I8, DType::U8}}),
                                           eval_quantized_relu<ops::relu_n1_to_1::Bounds>),
                            quant_rules::free_int8),
                 ops::relu_n1_to_1::kernels);

}  // namespace toucanet
