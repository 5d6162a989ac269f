#include "ops/relu/relu.h"

#include "ir/quant_rule.h"
#include "ops/float_kernels.h"
#include "ops/quantized_relu.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::relu {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x) const { return x < decltype(x)(0) ? decltype(x)(0) : x; }
};
constexpr TfImport imports[] = {{"Relu", import_plain<Relu>, {}, Narrow::Same}};
struct Bounds {
  static constexpr float low = 0, high = std::numeric_limits<float>::infinity();
};
int version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 || v.type(0) == DType::U8 ? 2 : 1; }
FloatRange bounds(const KernelUse&) { return FloatRange::of(Activation::Relu); }
constexpr Kernel relu_f32 = unary_f32<UnaryF32::Clamp, bounds>("relu_f32");
constexpr const Kernel* kernels[] = {&relu_f32, &table_8bit};
}  // namespace ops::relu

constinit const OpDef Relu::def = with_kernels(
    with_quant(with_quantized(unary("relu", "max(x, 0); NaN stays NaN", ops::relu::imports, eval_unary<ops::relu::Fn>,
                                    {.builtin = "RELU", .types = {DType::F32}, .quantized = {DType::I8, DType::U8, DType::I16}, .version = ops::relu::version}),
                              eval_quantized_relu<ops::relu::Bounds>),
               quant_rules::free),
    ops::relu::kernels);

}  // namespace toucanet
