#include "ops/div/div.h"

#include "ops/abs/abs.h"
#include "ops/add/add.h"
#include "ops/arithmetic.h"

namespace toucanet {
namespace ops::div {
struct Fn {
  static constexpr DTypes types = number_types;
  static const char* check(auto, auto y) {
    if constexpr (std::is_integral_v<decltype(y)>)
      if (y == 0) return "integer division by zero";
    return nullptr;
  }
  auto operator()(auto x, auto y) const {
    if constexpr (std::is_signed_v<decltype(x)> && std::is_integral_v<decltype(x)>)
      if (y == -1) return static_cast<decltype(x)>(0 - static_cast<uint64_t>(x));  // the smallest integer wraps
    return static_cast<decltype(x)>(x / y);
  }
  static Dim dims(const Dim& a, const Dim& b) {
    if (b.known() && b.value() > 0 && (!a.known() || a.value() >= 0)) return floor_div(a, b);
    if (a.known() && b.known() && b.value() != 0) return Fn{}(a.value(), b.value());
    return Dim::unknown();
  }
};
// x / (|x| + 1)
Expected<std::vector<Value>> from_softsign(TfNode& n) {
  const Value x = n.in(0);
  return std::vector<Value>{n.add<Div>({x, n.add<Add>({n.add<Abs>({x}), n.constant(Tensor::scalar(1))})})};
}
Expected<std::vector<Value>> from_reciprocal(TfNode& n) {
  const Value x = n.in(0);
  if (n.failed()) return std::vector<Value>{};
  Tensor one = Tensor::zeros(n.type(x).dtype, {});
  if (!dispatch(one.dtype, [&]<class T>(T) { one.as_mutable<T>()[0] = T(1); })) {
    n.refuse("{} is not supported", tf_name(one.dtype));
    return std::vector<Value>{};
  }
  return std::vector<Value>{n.add<Div>({n.constant(std::move(one)), x})};
}
constexpr TfImport imports[] = {
    {"Div", import_plain<Div>}, {"RealDiv", import_plain<Div>}, {"Softsign", from_softsign}, {"Inv", from_reciprocal}, {"Reciprocal", from_reciprocal}};
int version(const OpView& v) { return broadcasts_beyond(v, 4) ? 2 : 1; }
}  // namespace ops::div

constinit const OpDef Div::def =
    arithmetic<Div, ops::div::Fn>("div", "x / y, element by element; integers truncate towards zero", None, ops::div::imports,
                                  {.builtin = "DIV", .options = "DivOptions", .types = {DType::F32, DType::I32}, .max_rank = 5, .version = ops::div::version});

}  // namespace toucanet
