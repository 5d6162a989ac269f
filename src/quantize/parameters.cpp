#include "quantize/parameters.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace toucanet {
Quant activation_quant(MinMax r, DType type) {
  Quant q;
  r.min = std::min(r.min, 0.0), r.max = std::max(r.max, 0.0);
  if (r.max - r.min < 2 * least_half_range) {
    const double centre = (r.min + r.max) / 2;
    r = {centre - least_half_range, centre + least_half_range};
  }
  if (type == DType::I16) {
    q.scale = {static_cast<float>(std::max(-r.min, r.max) / 32767)};
    q.zero_point = {0};
    return q;
  }
  const auto [low, high] = stored_limits(type);
  const double scale = (r.max - r.min) / (high - low);
  const double from_min = low - r.min / scale, from_max = high - r.max / scale;
  const bool by_min = std::fabs(low) + std::fabs(r.min / scale) < std::fabs(high) + std::fabs(r.max / scale);
  q.scale = {static_cast<float>(scale)};
  q.zero_point = {static_cast<int64_t>(std::clamp(std::round(by_min ? from_min : from_max), low, high))};
  return q;
}

Quant weight_quant(const Tensor& w, int axis) {
  const size_t channels = axis < 0 ? 1 : static_cast<size_t>(w.dims[static_cast<size_t>(axis)]);
  std::vector<double> largest(channels, 0.0);
  for_each_channel(w, axis, [&](int64_t i, int64_t c) { largest[static_cast<size_t>(c)] = std::max(largest[static_cast<size_t>(c)], std::fabs(w.number(i))); });
  Quant q;
  for (double m : largest) q.scale.push_back(static_cast<float>(std::max(m, least_half_range) / 127));
  q.zero_point.assign(channels, 0);
  q.axis = axis < 0 ? 0 : axis;
  return q;
}

std::string unstorable(const Tensor& constant, bool clamps) {
  const Tensor t = constant.aligned();
  if (!t.elements()) return "is empty";
  for (int64_t i = 0; i < t.elements(); ++i)
    if (const double x = t.number(i); std::isnan(x) || (!clamps && std::isinf(x))) return std::isnan(x) ? "holds nan" : x > 0 ? "holds inf" : "holds -inf";
  return {};
}

Tensor quantize_tensor(const Tensor& t, std::shared_ptr<const Quant> q, DType type, bool narrow) {
  Tensor r = Tensor::zeros(type, t.dims);
  const StoredLimits limits{stored_limits(type).low + (narrow ? 1 : 0), stored_limits(type).high};
  dispatch(type, [&]<class T>(T) {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      T* to = r.as_mutable<T>().data();
      for_each_channel(t, q->scale.size() > 1 ? q->axis : -1, [&](int64_t i, int64_t c) {
        const auto k = static_cast<size_t>(c);
        const double stored = std::round(t.number(i) / static_cast<double>(q->scale[k])) + static_cast<double>(q->zero_point[k]);
        to[i] = static_cast<T>(std::clamp(stored, limits.low, limits.high));
      });
    }
  });
  r.quant = std::move(q);
  return r;
}

Tensor quantize_bias(const Tensor& bias, double input_scale, Quant& w, DType stored_as) {
  const bool wide = stored_as == DType::I64;
  auto q = std::make_shared<Quant>();
  const size_t n = static_cast<size_t>(bias.elements());
  if (!wide)
    for (size_t i = 0; i < n; ++i) {
      const size_t c = w.scale.size() == 1 ? 0 : i;
      const double b = std::fabs(bias.number(static_cast<int64_t>(i)));
      if (b > 1073741823.5 * input_scale * static_cast<double>(w.scale[c])) w.scale[c] = static_cast<float>(b / 1073741824.0 / input_scale);
    }
  for (float s : w.scale) q->scale.push_back(static_cast<float>(input_scale * static_cast<double>(s)));
  q->zero_point.assign(q->scale.size(), 0);
  Tensor r = Tensor::zeros(wide ? DType::I64 : DType::I32, bias.dims);
  for (size_t i = 0; i < n; ++i) {
    const double s = input_scale * static_cast<double>(w.scale[w.scale.size() == 1 ? 0 : i]);
    const double stored = std::round(bias.number(static_cast<int64_t>(i)) / s);
    if (wide) r.as_mutable<int64_t>()[i] = static_cast<int64_t>(std::clamp(stored, -9e18, 9e18));
    else r.as_mutable<int32_t>()[i] = static_cast<int32_t>(std::clamp(stored, stored_limits(DType::I32).low, stored_limits(DType::I32).high));
  }
  r.quant = std::move(q);
  return r;
}

}  // namespace toucanet
