#include "ops/floor_div/floor_div.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::floor_div_ {  // the function toucanet::floor_div must not be hidden
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
      return std::floor(x / y);
    } else if constexpr (std::is_signed_v<T>) {
      if (y == -1) return static_cast<T>(0 - static_cast<uint64_t>(x));  // the smallest integer wraps
      const T q = static_cast<T>(x / y);
      return static_cast<T>(x % y != 0 && (x < 0) != (y < 0) ? q - 1 : q);
    } else {
      return static_cast<T>(x / y);
    }
  }
  static Dim dims(const Dim& a, const Dim& b) {
    if (b.known() && b.value() > 0) return ::toucanet::floor_div(a, b);
    if (a.known() && b.known() && b.value() != 0) return Fn{}(a.value(), b.value());
    return Dim::unknown();
  }
};
// TensorFlow Lite divides no float by 0 either.
struct TfliteFn : Fn {
  static const char* check(auto, auto y) { return y == 0 ? "division by zero" : nullptr; }
};
int version(const OpView& v) { return v.type(0) == DType::I16 || v.type(0) == DType::I8 ? 3 : v.type(0) == DType::F32 ? 2 : 1; }
constexpr TfImport imports[] = {{"FloorDiv", import_plain<FloorDiv>}};
}  // namespace ops::floor_div_

constinit const OpDef FloorDiv::def = with_tflite(binary("floor_div", "the floor of x / y, element by element", ZeroSign, ops::floor_div_::imports,
                                                         infer_binary<ops::floor_div_::Fn>, eval_binary<ops::floor_div_::Fn>,
                                                         {.builtin = "FLOOR_DIV",
                                                          .options = "FloorDivOptions",
                                                          .types = {DType::F32, DType::I8, DType::I16, DType::I32},
                                                          .version = ops::floor_div_::version,
                                                          .refuses = broadcasts_at_most<4>}),
                                                  eval_binary<ops::floor_div_::TfliteFn>);

}  // namespace toucanet
