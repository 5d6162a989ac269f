#include "quantize/stored_range.h"

#include <cmath>

namespace toucanet {

MinMax stored_range(const Quant& q, DType type, size_t channel) {
  const double s = static_cast<double>(q.scale[channel]);
  const double z = channel < q.zero_point.size() ? static_cast<double>(q.zero_point[channel]) : 0;
  const auto [low, high] = stored_limits(type);
  return {s * ((type == DType::I16 ? -high : low) - z), s * (high - z)};
}

std::optional<MinMax> kept_range(const TensorType& t) {
  const Quant* q = t.quant.get();
  if (!q || q->min.empty() || q->min.size() != q->max.size()) return std::nullopt;
  MinMax all{static_cast<double>(q->min[0]), static_cast<double>(q->max[0])};
  for (size_t i = 0; i < q->min.size(); ++i) {
    if (!std::isfinite(q->max[i] - q->min[i]) || q->min[i] > q->max[i]) return std::nullopt;
    all.join({static_cast<double>(q->min[i]), static_cast<double>(q->max[i])});
  }
  return all;
}

std::vector<double> columns(std::span<const Histogram::Bin> bins, MinMax r, size_t n) {
  std::vector<double> counts(n, 0.0);
  const double width = (r.max - r.min) / static_cast<double>(n);
  if (!(width > 0)) {
    for (const auto& b : bins) counts[n / 2] += static_cast<double>(b.count);
    return counts;
  }
  const auto column = [&](double x) { return std::clamp<int64_t>(static_cast<int64_t>((x - r.min) / width), 0, static_cast<int64_t>(n) - 1); };
  for (const auto& b : bins) {
    if (b.high < r.min || b.low > r.max) continue;
    if (b.high <= b.low) {
      counts[static_cast<size_t>(column(b.low))] += static_cast<double>(b.count);
      continue;
    }
    for (int64_t c = column(b.low); c <= column(b.high); ++c) {
      const double left = r.min + static_cast<double>(c) * width;
      const double inside = std::min(b.high, left + width) - std::max(b.low, left);
      if (inside > 0) counts[static_cast<size_t>(c)] += static_cast<double>(b.count) * inside / (b.high - b.low);
    }
  }
  return counts;
}

std::string blocks(std::span<const double> columns) {
  static constexpr std::string_view steps[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const double most = columns.empty() ? 0 : *std::max_element(columns.begin(), columns.end());
  std::string s;
  for (double c : columns) {
    if (c <= 0) s += ' ';
    else s += steps[std::min<size_t>(7, static_cast<size_t>(std::sqrt(c / most) * 8))];
  }
  return s;
}

}  // namespace toucanet
