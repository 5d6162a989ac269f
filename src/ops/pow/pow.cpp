#include "ops/pow/pow.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::pow {
struct Fn {
  static constexpr DTypes types = number_types;
  static const char* check(auto, auto y) {
    if constexpr (std::is_integral_v<decltype(y)>)
      if (y < 0) return "an integer to a negative power";
    return nullptr;
  }
  auto operator()(auto x, auto y) const {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>) {
      return std::pow(x, y);
    } else {
      uint64_t base = static_cast<uint64_t>(x), r = 1;
      for (auto e = static_cast<uint64_t>(y); e; e >>= 1, base *= base)
        if (e & 1) r *= base;
      return static_cast<T>(r);
    }
  }
};
constexpr TfImport imports[] = {{"Pow", import_plain<Pow>, {}, Narrow::Rounded}};
}  // namespace ops::pow

constinit const OpDef Pow::def =
    binary("pow", "x to the power of y, element by element", ZeroSign, ops::pow::imports, infer_binary<ops::pow::Fn>, eval_binary<ops::pow::Fn>,
           {.builtin = "POW", .options = "PowOptions", .types = {DType::F32, DType::I32}, .refuses = broadcasts_at_most<4>});

}  // namespace toucanet
