#include "ops/add/add.h"

#include "ir/quant_rule.h"
#include "ops/arithmetic.h"
#include "ops/float_kernels.h"
#include "ops/integer_kernels.h"
#include "ops/quantized_sum.h"

namespace toucanet {
namespace ops::add {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x, auto y) const {
    if constexpr (std::is_integral_v<decltype(x)>) {  // wraps
      return static_cast<decltype(x)>(static_cast<uint64_t>(x) + static_cast<uint64_t>(y));
    } else {
      return x + y;
    }
  }
  static Dim dims(const Dim& a, const Dim& b) { return a + b; }
};

Expected<std::vector<Value>> from_bias_add(TfNode& n) {
  n.nhwc();
  return import_plain<Add>(n);
}
Expected<std::vector<Value>> from_add_v2(TfNode& n) {
  if (n.inputs() && n.type(n.in(0)).dtype == DType::String) n.refuse("strings cannot be added");
  return import_plain<Add>(n);
}
constexpr TfImport imports[] = {{"Add", from_add_v2, {}, Narrow::Rounded},
                                {"AddV2", from_add_v2, {}, Narrow::Rounded},
                                {"BiasAdd", from_bias_add, {}, Narrow::Rounded},
                                {"BiasAddV1", import_plain<Add>, {}, Narrow::Rounded}};
int version(const OpView& v) {
  if (v.type(0) == DType::I16) return !v.in[0]->quant ? 5 : v.attrs.as<Add::Attrs>().pot_scale_int16 ? 1 : 3;
  return v.type(0) == DType::I64 ? 4 : v.type(0) == DType::I8 ? 2 : 1;
}
constexpr Kernel add_f32 = binary_f32<Add, BinaryF32::Add>("add_f32");
constexpr Kernel add_i8 = sum_i8<Add, false>("add_i8");
constexpr const Kernel* kernels[] = {&add_f32, &add_i8};
}  // namespace ops::add

constinit const OpDef Add::def =
    with_kernels(with_quant(with_quantized(arithmetic<Add, ops::add::Fn>("add", "x + y, element by element", Commutative, ops::add::imports,
                                                                         {.builtin = "ADD",
                                                                          .options = "AddOptions",
                                                                          .types = {DType::F32, DType::I16, DType::I32, DType::I64},
                                                                          .quantized = {DType::I8, DType::U8, DType::I16},
                                                                          .max_rank = 6,
                                                                          .version = ops::add::version}),
                                           eval_quantized_sum<Add, false>),
                            quant_rules::sum),
                 ops::add::kernels);

}  // namespace toucanet
