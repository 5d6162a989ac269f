#include "ops/truncate_mod/truncate_mod.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::truncate_mod {
struct Fn {
  static constexpr DTypes types = number_types;
  static const char* check(auto, auto y) {
    if constexpr (std::is_integral_v<decltype(y)>)
      if (y == 0) return "integer division by zero";
    return nullptr;
  }
  auto operator()(auto x, auto y) const {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>) {
      return std::fmod(x, y);
    } else {
      if constexpr (std::is_signed_v<T>)
        if (y == -1) return T(0);
      return static_cast<T>(x % y);
    }
  }
};
constexpr TfImport imports[] = {{"Mod", import_plain<TruncateMod>}, {"TruncateMod", import_plain<TruncateMod>}};
}  // namespace ops::truncate_mod

constinit const OpDef TruncateMod::def =
    as_composite(binary("truncate_mod", "the remainder with the dividend's sign, element by element", None, ops::truncate_mod::imports,
                        infer_binary<ops::truncate_mod::Fn>, eval_binary<ops::truncate_mod::Fn>, {}));

}  // namespace toucanet
