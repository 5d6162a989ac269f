#include "ops/sign/sign.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::sign {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x) const {
    if constexpr (std::is_floating_point_v<decltype(x)>) return x > 0 ? 1.0f : x < 0 ? -1.0f : x;
    else return static_cast<decltype(x)>((x > 0) - (x < 0));
  }
};
constexpr TfImport imports[] = {{"Sign", import_plain<Sign>, {}, Narrow::Same}};
}  // namespace ops::sign

constinit const OpDef Sign::def = unary("sign", "−1, 0 or 1; NaN stays NaN", ops::sign::imports, eval_unary<ops::sign::Fn>,
                                        {.builtin = "SIGN", .options = "SignOptions", .types = {DType::F32, DType::I32}});

}  // namespace toucanet
