#include "ops/arg_max/arg_max.h"

#include "ir/quant_rule.h"
#include "ops/arg_reduce.h"

namespace toucanet {
namespace ops::arg_max {
constexpr TfImport imports[] = {{"ArgMax", import_arg<ArgMax>}};
int version(const OpView& v) { return v.type(0) == DType::Bool ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::arg_max

constinit const OpDef ArgMax::def = with_quant(arg_reduction<ArgMax, true>("arg_max", "index of the first largest element along an axis", ops::arg_max::imports,
                                                                           {.builtin = "ARG_MAX",
                                                                            .options = "ArgMaxOptions",
                                                                            .types = {DType::F32, DType::I8, DType::U8, DType::I32, DType::Bool},
                                                                            .quantized = {DType::I8, DType::U8},
                                                                            .version = ops::arg_max::version}),
                                               quant_rules::raw_int8);

}  // namespace toucanet
