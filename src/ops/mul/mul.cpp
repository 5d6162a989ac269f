#include "ops/mul/mul.h"

#include "ir/quant_rule.h"
#include "ops/arithmetic.h"
#include "ops/float_kernels.h"
#include "ops/gather/gather.h"
#include "ops/mul/mul_kernels.h"
#include "ops/quantized_elementwise.h"
#include "ops/sub/sub.h"

namespace toucanet {
namespace ops::mul {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x, auto y) const {
    if constexpr (std::is_integral_v<decltype(x)>) {  // wraps
      return static_cast<decltype(x)>(static_cast<uint64_t>(x) * static_cast<uint64_t>(y));
    } else {
      return x * y;
    }
  }
  static Dim dims(const Dim& a, const Dim& b) { return a * b; }
};

// (a₁b₂ − a₂b₁, a₂b₀ − a₀b₂, a₀b₁ − a₁b₀)
Expected<std::vector<Value>> from_cross(TfNode& n) {
  const Value a = n.in(0), b = n.in(1);
  const Shape& s = n.type(a).shape;
  if (!n.failed() && (!s.ranked() || s.rank() == 0)) n.refuse("the rank of the operands must be known, and not 0");
  if (n.failed()) return std::vector<Value>{};
  const auto pick = [&](Value v, const std::vector<int64_t>& order) {
    return n.add<Gather>({v, n.ints_constant(order)}, {.axis = static_cast<int32_t>(n.type(a).shape.rank()) - 1});
  };
  const std::vector<int64_t> next{1, 2, 0}, last{2, 0, 1};
  return std::vector<Value>{n.add<Sub>({n.add<Mul>({pick(a, next), pick(b, last)}), n.add<Mul>({pick(a, last), pick(b, next)})})};
}
constexpr TfImport imports[] = {{"Mul", import_plain<Mul>, {}, Narrow::Rounded}, {"Cross", from_cross}};
Status eval_quantized(EvalContext& c) {
  TRY(const AffinePair by, affine_pair(c));
  CHECK_OK(check_symmetric(c, {by.x, by.y, by.z}));
  const FixedMultiplier m = quantize_multiplier(factor(*c.quant(0), *c.quant(1), *c.out_quant()));
  const QuantizedRange range = activation_range(c.attrs<Mul>().fused_activation_function, by.z, c.out().dtype);
  return map_stored_pairs(c, [&](int32_t x, int32_t y) {
    return finish(multiply_by_quantized_multiplier((x - by.x.zero_point) * (y - by.y.zero_point), m), by.z.zero_point, range);
  });
}
int version(const OpView& v) {
  const auto scaled = [](const TensorType* t) { return t && t->quant && !t->quant->scale.empty() && t->quant->scale[0] != 0; };
  const DType t = v.type(0);
  if (t == DType::U32 || (t == DType::I16 && !v.in[0]->quant)) return 7;
  if (t == DType::I64 || t == DType::I16) return t == DType::I64 ? 5 : 4;
  if (scaled(v.in[0]) && scaled(v.in[1]) && scaled(v.out[0]) && factor(*v.in[0]->quant, *v.in[1]->quant, *v.out[0]->quant) >= 1) return 3;
  return t == DType::I8 ? 2 : 1;
}
constexpr Kernel mul_f32 = binary_f32<Mul, BinaryF32::Mul>("mul_f32");
constexpr const Kernel* kernels[] = {&mul_f32, &mul_i8};
}  // namespace ops::mul

constinit const OpDef Mul::def =
    with_kernels(with_quant(with_quantized(arithmetic<Mul, ops::mul::Fn>("mul", "x·y, element by element", Commutative, ops::mul::imports,
                                                                         {.builtin = "MUL",
                                                                          .options = "MulOptions",
                                                                          .types = {DType::F32, DType::I16, DType::I32, DType::I64, DType::U32},
                                                                          .quantized = {DType::I8, DType::U8, DType::I16},
                                                                          .max_rank = 6,
                                                                          .version = ops::mul::version}),
                                           ops::mul::eval_quantized),
                            quant_rules::free_binary),
                 ops::mul::kernels);

}  // namespace toucanet
