#include "ops/elu/elu.h"

#include "ops/float_kernels.h"
#include "ops/quantized_table.h"
#include "ops/table_8bit.h"
#include "ops/truth.h"

namespace toucanet {
namespace ops::elu {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return x < 0 ? std::expm1(x) : x; }
};
constexpr TfImport imports[] = {{"Elu", import_plain<Elu>}};
constexpr Truth truth[] = {{{DType::F32, DType::I8}, "optimized", not_in_reference}};
constexpr const Kernel* kernels[] = {&table_8bit};
}  // namespace ops::elu

constinit const OpDef Elu::def =
    with_kernels(with_truth(with_quantized(unary("elu", "x for x > 0, eˣ − 1 otherwise", ops::elu::imports, eval_unary<ops::elu::Fn>,
                                                 {.builtin = "ELU", .types = {DType::F32}, .quantized = {DType::I8}}),
                                           eval_table<ops::elu::Fn>),
                            ops::elu::truth),
                 ops::elu::kernels);

}  // namespace toucanet
