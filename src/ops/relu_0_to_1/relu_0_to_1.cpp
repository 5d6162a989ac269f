#include "ops/relu_0_to_1/relu_0_to_1.h"

#include "ir/quant_rule.h"
#include "ops/float_kernels.h"
#include "ops/limits.h"
#include "ops/quantized_relu.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::relu_0_to_1 {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return x < 0 ? 0 : x > 1 ? 1 : x; }
};
struct Bounds {
  static constexpr float low = 0, high = 1;
};
FloatRange bounds(const KernelUse&) { return {0, 1}; }
constexpr Kernel relu_0_to_1_f32 = unary_f32<UnaryF32::Clamp, bounds>("relu_0_to_1_f32");
constexpr const Kernel* kernels[] = {&relu_0_to_1_f32, &table_8bit};
}  // namespace ops::relu_0_to_1

constinit const OpDef Relu0To1::def =
    with_kernels(with_quant(with_quantized(unary("relu_0_to_1", "x clamped to 0 … 1; NaN stays NaN", {}, eval_unary<ops::relu_0_to_1::Fn>,
                                                 {.builtin = "RELU_0_TO_1", .types = {DType::F32}, .quantized = {DType::I8, DType::U8}}),
                                           eval_quantized_relu<ops::relu_0_to_1::Bounds>),
                            quant_rules::free_int8),
                 ops::relu_0_to_1::kernels);

}  // namespace toucanet
