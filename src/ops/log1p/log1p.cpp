#include "ops/log1p/log1p.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::log1p {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::log1p(x); }
};
constexpr TfImport imports[] = {{"Log1p", import_plain<Log1p>, {}, Narrow::Rounded}};
}  // namespace ops::log1p

constinit const OpDef Log1p::def = as_composite(unary("log1p", "log(1 + x)", ops::log1p::imports, eval_unary<ops::log1p::Fn>, {}));

}  // namespace toucanet
