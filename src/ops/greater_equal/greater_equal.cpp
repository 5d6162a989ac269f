#include "ops/greater_equal/greater_equal.h"

#include "ir/quant_rule.h"
#include "ops/limits.h"
#include "ops/quantized_comparison.h"

namespace toucanet {
namespace ops::greater_equal {
struct Fn {
  bool operator()(const auto& x, const auto& y) const { return x >= y; }
};
constexpr TfImport imports[] = {{"GreaterEqual", import_plain<GreaterEqual>}};
int version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::greater_equal

constinit const OpDef GreaterEqual::def = with_quant(
    with_quantized(binary("greater_equal", "x >= y, element by element", None, ops::greater_equal::imports, infer_compare, eval_compare<ops::greater_equal::Fn>,
                          {.builtin = "GREATER_EQUAL",
                           .options = "GreaterEqualOptions",
                           .types = {DType::F32, DType::I16, DType::I32, DType::I64},
                           .quantized = {DType::I8, DType::U8, DType::I16},
                           .version = ops::greater_equal::version,
                           .refuses = broadcasts_at_most<4>}),
                   eval_quantized_compare<ops::greater_equal::Fn>),
    quant_rules::comparison);

}  // namespace toucanet
