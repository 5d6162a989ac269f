#include "ops/greater/greater.h"

#include "ir/quant_rule.h"
#include "ops/limits.h"
#include "ops/quantized_comparison.h"

namespace toucanet {
namespace ops::greater {
struct Fn {
  bool operator()(const auto& x, const auto& y) const { return x > y; }
};
constexpr TfImport imports[] = {{"Greater", import_plain<Greater>}};
int version(const OpView& v) { return v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::greater

constinit const OpDef Greater::def =
    with_quant(with_quantized(binary("greater", "x > y, element by element", None, ops::greater::imports, infer_compare, eval_compare<ops::greater::Fn>,
                                     {.builtin = "GREATER",
                                      .options = "GreaterOptions",
                                      .types = {DType::F32, DType::I16, DType::I32, DType::I64},
                                      .quantized = {DType::I8, DType::U8, DType::I16},
                                      .version = ops::greater::version,
                                      .refuses = broadcasts_at_most<4>}),
                              eval_quantized_compare<ops::greater::Fn>),
               quant_rules::comparison);

}  // namespace toucanet
