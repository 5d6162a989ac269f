#include "ops/floor_mod/floor_mod.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::floor_mod {
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
      const T m = std::fmod(x, y);
      return m != 0 && (m < 0) != (y < 0) ? m + y : m;
    } else if constexpr (std::is_signed_v<T>) {
      if (y == -1) return T(0);
      const T m = static_cast<T>(x % y);
      return static_cast<T>(m != 0 && (m < 0) != (y < 0) ? m + y : m);
    } else {
      return static_cast<T>(x % y);
    }
  }
  static Dim dims(const Dim& a, const Dim& b) {
    if (b.is(1)) return 0;
    if (!b.known() || b.value() == 0) return Dim::unknown();
    return a.known() ? Dim(Fn{}(a.value(), b.value())) : b.value() > 0 ? a - b * ::toucanet::floor_div(a, b) : Dim::unknown();
  }
};
int version(const OpView& v) { return v.type(0) == DType::I16 || v.type(0) == DType::I8 ? 2 : 1; }
constexpr TfImport imports[] = {{"FloorMod", import_plain<FloorMod>}};
}  // namespace ops::floor_mod

constinit const OpDef FloorMod::def = binary("floor_mod", "the remainder with the divisor's sign, element by element", None, ops::floor_mod::imports,
                                             infer_binary<ops::floor_mod::Fn>, eval_binary<ops::floor_mod::Fn>,
                                             {.builtin = "FLOOR_MOD",
                                              .options = "FloorModOptions",
                                              .types = {DType::F32, DType::I8, DType::I16, DType::I32, DType::I64},
                                              .version = ops::floor_mod::version,
                                              .refuses = broadcasts_at_most<4>});

}  // namespace toucanet
