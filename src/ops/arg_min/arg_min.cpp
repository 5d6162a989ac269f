#include "ops/arg_min/arg_min.h"

#include "ir/quant_rule.h"
#include "ops/arg_reduce.h"

namespace toucanet {
namespace ops::arg_min {
constexpr TfImport imports[] = {{"ArgMin", import_arg<ArgMin>}};
int version(const OpView& v) { return v.type(0) == DType::Bool ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::arg_min

constinit const OpDef ArgMin::def =
    with_quant(arg_reduction<ArgMin, false>("arg_min", "index of the first smallest element along an axis", ops::arg_min::imports,
                                            {.builtin = "ARG_MIN",
                                             .options = "ArgMinOptions",
                                             .types = {DType::F32, DType::I8, DType::U8, DType::I32, DType::Bool},
                                             .quantized = {DType::I8, DType::U8},
                                             .version = ops::arg_min::version}),
               quant_rules::raw_int8);

}  // namespace toucanet
