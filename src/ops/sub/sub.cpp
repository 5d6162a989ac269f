#include "ops/sub/sub.h"

#include "ir/quant_rule.h"
#include "ops/arithmetic.h"
#include "ops/float_kernels.h"
#include "ops/integer_kernels.h"
#include "ops/quantized_sum.h"

namespace toucanet {
namespace ops::sub {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x, auto y) const {
    if constexpr (std::is_integral_v<decltype(x)>) {  // wraps
      return static_cast<decltype(x)>(static_cast<uint64_t>(x) - static_cast<uint64_t>(y));
    } else {
      return x - y;
    }
  }
  static Dim dims(const Dim& a, const Dim& b) { return a - b; }
};

constexpr TfImport imports[] = {{"Sub", import_plain<Sub>, {}, Narrow::Rounded}};
int version(const OpView& v) {
  if (v.type(0) == DType::I16 && !v.attrs.as<Sub::Attrs>().pot_scale_int16) return 5;
  return v.type(0) == DType::I64 ? 4 : broadcasts_beyond(v, 4) ? 3 : v.type(0) == DType::I8 ? 2 : 1;
}
constexpr Kernel sub_f32 = binary_f32<Sub, BinaryF32::Sub>("sub_f32");
constexpr Kernel sub_i8 = sum_i8<Sub, true>("sub_i8");
constexpr const Kernel* kernels[] = {&sub_f32, &sub_i8};
}  // namespace ops::sub

constinit const OpDef Sub::def =
    with_kernels(with_quant(with_quantized(arithmetic<Sub, ops::sub::Fn>("sub", "x − y, element by element", None, ops::sub::imports,
                                                                         {.builtin = "SUB",
                                                                          .options = "SubOptions",
                                                                          .types = {DType::F32, DType::I32, DType::I64},
                                                                          .quantized = {DType::I8, DType::U8, DType::I16},
                                                                          .max_rank = 6,
                                                                          .version = ops::sub::version}),
                                           eval_quantized_sum<Sub, true>),
                            quant_rules::sum),
                 ops::sub::kernels);

}  // namespace toucanet
