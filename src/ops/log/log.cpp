#include "ops/log/log.h"

#include "ops/elementwise.h"
#include "ops/float_kernels.h"
#include "ops/quantized_table.h"
#include "ops/table_8bit.h"
#include "quantize/quant_rule.h"

namespace toucanet {
namespace ops::log {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::log(x); }
};
constexpr TfImport imports[] = {{"Log", import_plain<Log>}};
Status eval_quantized(EvalContext& c) {
  TRY(const Affine y, affine_out(c));
  const float least = y.scale * static_cast<float>(range_of(c.out().dtype).low - y.zero_point);
  return map_table(c, [&](float v) { return v > 0 ? std::log(v) : least; });
}
int version(const OpView& v) { return v.type(0) == DType::I8 || v.type(0) == DType::I16 ? 2 : 1; }
constexpr const Kernel* kernels[] = {&table_8bit};
}  // namespace ops::log

constinit const OpDef Log::def =
    with_kernels(with_quant(with_quantized(unary("log", "natural logarithm", ops::log::imports, eval_unary<ops::log::Fn>,
                                                 {.builtin = "LOG", .types = {DType::F32}, .quantized = {DType::I8, DType::I16}, .version = ops::log::version}),
                                           ops::log::eval_quantized),
                            quant_rules::free),
                 ops::log::kernels);

}  // namespace toucanet
