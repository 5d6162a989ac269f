#include "ops/mul_no_nan/mul_no_nan.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::mul_no_nan {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x, auto y) const { return y == 0 ? decltype(x)(0) : x * y; }
};
constexpr TfImport imports[] = {{"MulNoNan", import_plain<MulNoNan>}};
}  // namespace ops::mul_no_nan

constinit const OpDef MulNoNan::def = as_composite(
    binary("mul_no_nan", "x·y, 0 where y is 0", None, ops::mul_no_nan::imports, infer_binary<ops::mul_no_nan::Fn>, eval_binary<ops::mul_no_nan::Fn>, {}));

}  // namespace toucanet
