#include "ops/quantized_sum.h"

namespace toucanet {

Expected<QuantizedSum> quantized_sum(EvalContext& c, const AffinePair& by, Activation a) {
  QuantizedSum s{by, {}, {}, {}, c.in(0).dtype == DType::I16 ? 15 : 20, activation_range(a, by.z, c.out().dtype)};
  const double larger = 2.0 * static_cast<double>(std::max(by.x.scale, by.y.scale));
  TRY(s.mx, multiplier_below_one(c, static_cast<double>(by.x.scale) / larger));
  TRY(s.my, multiplier_below_one(c, static_cast<double>(by.y.scale) / larger));
  TRY(s.mz, multiplier_below_one(c, larger / (static_cast<double>(1 << s.spare) * static_cast<double>(by.z.scale))));
  return s;
}

Expected<std::optional<ShiftedSum>> shifted_sum(EvalContext& c, const AffinePair& by, Activation a) {
  int32_t power[3];
  const float scales[] = {by.x.scale, by.y.scale, by.z.scale};
  for (size_t i = 0; i < 3; ++i) {
    const float log2 = std::log(scales[i]) * (1.0f / std::log(2.0f)), nearest = std::round(log2);
    if (std::abs(log2 - nearest) >= 1e-3f) return std::optional<ShiftedSum>{};
    power[i] = static_cast<int32_t>(nearest);
  }
  const int32_t x = power[2] - power[0], y = power[2] - power[1];
  if ((x != 0 && y != 0) || x < 0 || y < 0 || x > 31 || y > 31)
    return diag("TN3011", "{}: scales of powers of two, but z's is not the larger of x's and y's", c.op().name);
  return std::optional<ShiftedSum>(ShiftedSum{x, y, activation_range(a, by.z, c.out().dtype)});
}

}  // namespace toucanet
