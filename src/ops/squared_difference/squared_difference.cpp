#include "ops/squared_difference/squared_difference.h"

#include "ir/quant_rule.h"
#include "ops/float_kernels.h"
#include "ops/limits.h"
#include "ops/quantized_elementwise.h"

namespace toucanet {
namespace ops::squared_difference {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x, auto y) const {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>) {
      return (x - y) * (x - y);
    } else {
      const uint64_t d = static_cast<uint64_t>(x) - static_cast<uint64_t>(y);
      return static_cast<T>(d * d);
    }
  }
};
Status eval_quantized(EvalContext& c) {
  TRY(const AffinePair by, affine_pair(c));
  const double sx = static_cast<double>(by.x.scale), sy = static_cast<double>(by.y.scale), larger = 2 * std::max(sx, sy);
  TRY(const FixedMultiplier mx, multiplier_below_one(c, sx / larger));
  TRY(const FixedMultiplier my, multiplier_below_one(c, sy / larger));
  TRY(const FixedMultiplier mz, multiplier_below_one(c, larger * larger / (static_cast<double>(1 << 14) * static_cast<double>(by.z.scale))));
  const QuantizedRange range = range_of(c.out().dtype);
  return map_stored_pairs(c, [&](int32_t x, int32_t y) {
    const int32_t d = multiply_by_quantized_multiplier((x - by.x.zero_point) * 128, mx) - multiply_by_quantized_multiplier((y - by.y.zero_point) * 128, my);
    return finish(multiply_by_quantized_multiplier(d * d, mz), by.z.zero_point, range);
  });
}
int version(const OpView& v) { return v.type(0) == DType::I8 ? 2 : 1; }
constexpr TfImport imports[] = {{"SquaredDifference", import_plain<SquaredDifference>}};
constexpr Kernel squared_difference_f32 = binary_f32<SquaredDifference, BinaryF32::SquaredDifference>("squared_difference_f32");
constexpr const Kernel* kernels[] = {&squared_difference_f32};
}  // namespace ops::squared_difference

constinit const OpDef SquaredDifference::def =
    with_kernels(with_quant(with_quantized(binary("squared_difference", "(x − y)², element by element", Commutative, ops::squared_difference::imports,
                                                  infer_binary<ops::squared_difference::Fn>, eval_binary<ops::squared_difference::Fn>,
                                                  {.builtin = "SQUARED_DIFFERENCE",
                                                   .options = "SquaredDifferenceOptions",
                                                   .types = {DType::F32, DType::I32},
                                                   .quantized = {DType::I8},
                                                   .version = ops::squared_difference::version,
                                                   .refuses = broadcasts_at_most<4>}),
                                           ops::squared_difference::eval_quantized),
                            quant_rules::squared_difference),
                 ops::squared_difference::kernels);

}  // namespace toucanet
