#include "ops/less_equal/less_equal.h"

#include "ir/quant_rule.h"
#include "ops/limits.h"
#include "ops/quantized_comparison.h"

namespace toucanet {
namespace ops::less_equal {
struct Fn {
  bool operator()(const auto& x, const auto& y) const { return x <= y; }
};
constexpr TfImport imports[] = {{"LessEqual", import_plain<LessEqual>}};
int version(const OpView& v) { return v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::less_equal

constinit const OpDef LessEqual::def = with_quant(
    with_quantized(binary("less_equal", "x <= y, element by element", None, ops::less_equal::imports, infer_compare, eval_compare<ops::less_equal::Fn>,
                          {.builtin = "LESS_EQUAL",
                           .options = "LessEqualOptions",
                           .types = {DType::F32, DType::I16, DType::I32, DType::I64},
                           .quantized = {DType::I8, DType::U8, DType::I16},
                           .version = ops::less_equal::version,
                           .refuses = broadcasts_at_most<4>}),
                   eval_quantized_compare<ops::less_equal::Fn>),
    quant_rules::comparison);

}  // namespace toucanet
