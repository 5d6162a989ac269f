#include "ops/div/div.h"

#include "ir/quant_rule.h"
#include "kernels/fixed_point.h"
#include "ops/abs/abs.h"
#include "ops/add/add.h"
#include "ops/arithmetic.h"
#include "ops/float_kernels.h"
#include "ops/quantized_elementwise.h"
#include "ops/sub/sub.h"

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
// By the reciprocal of the divisor in fixed point; as many leading bits of the dividend are used as there are.
// LiteRT does not define shifts beyond 31 bits (quotients near 0) and to the left; here they are what they say.
int32_t divide(int32_t x, int32_t y, FixedMultiplier m) {
  if (y < 0) x = -x, y = -y;
  const FixedMultiplier r = reciprocal(y);
  const int32_t spare = std::countl_zero(static_cast<uint32_t>(x < 0 ? ~x : x)) - 1;
  const int32_t quotient = saturating_rounding_doubling_high_mul(shift_left_wrapping(x, spare), r.mantissa);
  const int32_t right = spare - m.exponent - r.exponent;
  const int32_t rescaled = saturating_rounding_doubling_high_mul(quotient, m.mantissa);
  if (right < 0) return std::clamp(shift_left_saturating(rescaled, std::min(-right, 31)), -(1 << 30), 1 << 30);
  return right > 31 ? 0 : rounding_divide_by_power_of_two(rescaled, right);
}
Status eval_quantized(EvalContext& c) {
  TRY(const AffinePair by, affine_pair(c));
  const FixedMultiplier m = quantize_multiplier(static_cast<double>(by.x.scale / (by.y.scale * by.z.scale)));
  const QuantizedRange range = activation_range(c.attrs<Div>().fused_activation_function, by.z, c.out().dtype);
  bool by_zero = false;
  CHECK_OK(map_stored_pairs(c, [&](int32_t x, int32_t y) {
    if (y == by.y.zero_point) return by_zero = true, 0;
    return finish(divide(x - by.x.zero_point, y - by.y.zero_point, m), by.z.zero_point, range);
  }));
  if (by_zero) return c.error("division by zero");
  return ok();
}
// x / (|x| + 1), NaN where x is infinite: ADD of TensorFlow Lite makes infinity finite, x − x does not.
Expected<std::vector<Value>> from_softsign(TfNode& n) {
  const Value x = n.in(0);
  const Value divisor = n.add<Add>({n.add<Abs>({x}), n.constant(Tensor::scalar(1))});
  return std::vector<Value>{n.add<Div>({x, n.add<Add>({divisor, n.add<Sub>({x, x})})})};
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
constexpr TfImport imports[] = {{"Div", import_plain<Div>, {}, Narrow::Rounded},
                                {"RealDiv", import_plain<Div>, {}, Narrow::Rounded},
                                {"Softsign", from_softsign},
                                {"Inv", from_reciprocal, {}, Narrow::Rounded},
                                {"Reciprocal", from_reciprocal, {}, Narrow::Rounded}};
int version(const OpView& v) { return broadcasts_beyond(v, 4) ? 2 : 1; }
constexpr Kernel div_f32 = binary_f32<Div, BinaryF32::Div>("div_f32");
constexpr const Kernel* kernels[] = {&div_f32};
}  // namespace ops::div

constinit const OpDef Div::def = with_kernels(
    with_quant(with_quantized(arithmetic<Div, ops::div::Fn>("div", "x / y, element by element; integers truncate towards zero", ZeroSign, ops::div::imports,
                                                            {.builtin = "DIV",
                                                             .options = "DivOptions",
                                                             .types = {DType::F32, DType::I32},
                                                             .quantized = {DType::I8, DType::U8},
                                                             .max_rank = 5,
                                                             .version = ops::div::version}),
                              ops::div::eval_quantized),
               quant_rules::quotient),
    ops::div::kernels);

}  // namespace toucanet
