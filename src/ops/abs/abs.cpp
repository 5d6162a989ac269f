#include "ops/abs/abs.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::abs {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x) const {
    if constexpr (std::is_unsigned_v<decltype(x)>) return x;
    else if constexpr (std::is_integral_v<decltype(x)>) return x < 0 ? static_cast<decltype(x)>(0 - static_cast<std::make_unsigned_t<decltype(x)>>(x)) : x;
    else return std::abs(x);
  }
};
constexpr TfImport imports[] = {{"Abs", import_plain<Abs>}};
int version(const OpView& c) { return c.type(0) == DType::I32 ? 5 : 1; }
}  // namespace ops::abs

constinit const OpDef Abs::def = unary("abs", "|x|", ops::abs::imports, eval_unary<ops::abs::Fn>,
                                       {.builtin = "ABS", .options = "AbsOptions", .types = {DType::F32, DType::I32}, .version = ops::abs::version});

}  // namespace toucanet
