#include "ops/less/less.h"

#include "ir/quant_rule.h"
#include "ops/limits.h"
#include "ops/quantized_comparison.h"

namespace toucanet {
namespace ops::less {
struct Fn {
  bool operator()(const auto& x, const auto& y) const { return x < y; }
};
constexpr TfImport imports[] = {{"Less", import_plain<Less>}};
int version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::less

constinit const OpDef Less::def =
    with_quant(with_quantized(binary("less", "x < y, element by element", None, ops::less::imports, infer_compare, eval_compare<ops::less::Fn>,
                                     {.builtin = "LESS",
                                      .options = "LessOptions",
                                      .types = {DType::F32, DType::I16, DType::I32, DType::I64},
                                      .quantized = {DType::I8, DType::U8, DType::I16},
                                      .version = ops::less::version,
                                      .refuses = broadcasts_at_most<4>}),
                              eval_quantized_compare<ops::less::Fn>),
               quant_rules::comparison);

}  // namespace toucanet
