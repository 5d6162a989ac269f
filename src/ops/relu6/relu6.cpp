#include "ops/relu6/relu6.h"

#include "ir/quant_rule.h"
#include "ops/float_kernels.h"
#include "ops/quantized_relu.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::relu6 {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x) const { return x < decltype(x)(0) ? decltype(x)(0) : decltype(x)(6) < x ? decltype(x)(6) : x; }
};
constexpr TfImport imports[] = {{"Relu6", import_plain<Relu6>, {}, Narrow::Same}};
struct Bounds {
  static constexpr float low = 0, high = 6;
};
int version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
FloatRange bounds(const KernelUse&) { return FloatRange::of(Activation::Relu6); }
constexpr Kernel relu6_f32 = unary_f32<UnaryF32::Clamp, bounds>("relu6_f32");
constexpr const Kernel* kernels[] = {&relu6_f32, &table_8bit};
}  // namespace ops::relu6

constinit const OpDef Relu6::def = with_kernels(
    with_quant(
        with_quantized(unary("relu6", "min(max(x, 0), 6)", ops::relu6::imports, eval_unary<ops::relu6::Fn>,
                             {.builtin = "RELU6", .types = {DType::F32}, .quantized = {DType::I8, DType::U8, DType::I16}, .version = ops::relu6::version}),
                       eval_quantized_relu<ops::relu6::Bounds>),
        quant_rules::free),
    ops::relu6::kernels);

}  // namespace toucanet
