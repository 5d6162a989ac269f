#include "ops/logistic/logistic.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::logistic {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return 1.0f / (1.0f + std::exp(-x)); }
};
constexpr TfImport imports[] = {{"Sigmoid", import_plain<Logistic>}};
}  // namespace ops::logistic

constinit const OpDef Logistic::def =
    unary("logistic", "1/(1+e⁻ˣ)", ops::logistic::imports, eval_unary<ops::logistic::Fn>, {.builtin = "LOGISTIC", .types = {DType::F32}});

}  // namespace toucanet
