#include "ops/maximum/maximum.h"

#include "ir/quant_rule.h"
#include "ops/limits.h"
#include "ops/quantized_elementwise.h"

namespace toucanet {
namespace ops::maximum {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x, auto y) const {
    if constexpr (std::is_floating_point_v<decltype(x)>)
      if (x != x) return x;
    return x < y || y != y ? y : x;
  }
  static Dim dims(const Dim& a, const Dim& b) { return max(a, b); }
};
struct TfliteFn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x, auto y) const { return x > y ? x : y; }
};
int version(const OpView& v) { return v.type(0) == DType::I16 ? 4 : broadcasts_beyond(v, 4) ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
constexpr TfImport imports[] = {{"Maximum", import_plain<Maximum>, {}, Narrow::Same}};
}  // namespace ops::maximum

constinit const OpDef Maximum::def =
    with_quant(with_quantized(with_tflite(binary("maximum", "the larger of x and y, element by element", Commutative, ops::maximum::imports,
                                                 infer_binary<ops::maximum::Fn>, eval_binary<ops::maximum::Fn>,
                                                 {.builtin = "MAXIMUM",
                                                  .options = "MaximumMinimumOptions",
                                                  .types = {DType::F32, DType::I8, DType::I16, DType::I32, DType::I64, DType::U8},
                                                  .quantized = {DType::I8, DType::U8, DType::I16},
                                                  .version = ops::maximum::version,
                                                  .refuses = broadcasts_at_most<5>}),
                                          eval_binary<ops::maximum::TfliteFn>),
                              eval_binary<ops::maximum::TfliteFn>),
               quant_rules::same_binary);

}  // namespace toucanet
