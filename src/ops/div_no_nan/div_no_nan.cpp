#include "ops/div_no_nan/div_no_nan.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::div_no_nan {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x, auto y) const { return y == 0 ? decltype(x)(0) : x / y; }
};
constexpr TfImport imports[] = {{"DivNoNan", import_plain<DivNoNan>}};
}  // namespace ops::div_no_nan

constinit const OpDef DivNoNan::def = as_composite(
    binary("div_no_nan", "x / y, 0 where y is 0", None, ops::div_no_nan::imports, infer_binary<ops::div_no_nan::Fn>, eval_binary<ops::div_no_nan::Fn>, {}));

}  // namespace toucanet
