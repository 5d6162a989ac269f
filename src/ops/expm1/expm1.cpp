#include "ops/expm1/expm1.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::expm1 {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::expm1(x); }
};
constexpr TfImport imports[] = {{"Expm1", import_plain<Expm1>, {}, Narrow::Rounded}};
}  // namespace ops::expm1

constinit const OpDef Expm1::def = as_composite(unary("expm1", "exp(x) − 1", ops::expm1::imports, eval_unary<ops::expm1::Fn>, {}));

}  // namespace toucanet
