#include "ops/broadcast_rows.h"

namespace toucanet {

BroadcastRows BroadcastRows::of(const std::vector<int64_t>& x, const std::vector<int64_t>& y, const std::vector<int64_t>& z) {
  struct Axis {
    size_t count;
    bool x, y;  // the operand advances along it
  };
  std::vector<Axis> axes;  // neighbours that behave alike are one
  const auto length = [&](const std::vector<int64_t>& d, size_t i) { return i + d.size() < z.size() ? 1 : d[i + d.size() - z.size()]; };
  for (size_t i = 0; i < z.size(); ++i) {
    if (z[i] == 1) continue;
    const Axis a{static_cast<size_t>(z[i]), length(x, i) != 1, length(y, i) != 1};
    if (!axes.empty() && axes.back().x == a.x && axes.back().y == a.y) axes.back().count *= a.count;
    else axes.push_back(a);
  }
  BroadcastRows r;
  if (axes.empty()) return r;
  r.inner = axes.back().count, r.x_step = axes.back().x, r.y_step = axes.back().y;
  axes.pop_back();
  size_t x_stride = r.x_step ? r.inner : 1, y_stride = r.y_step ? r.inner : 1;
  const size_t n = axes.size();
  r.counts.resize(n), r.x_strides.resize(n), r.y_strides.resize(n);
  for (size_t i = n; i-- > 0;) {
    r.counts[i] = axes[i].count;
    r.x_strides[i] = axes[i].x ? x_stride : 0;
    r.y_strides[i] = axes[i].y ? y_stride : 0;
    if (axes[i].x) x_stride *= axes[i].count;
    if (axes[i].y) y_stride *= axes[i].count;
    r.rows *= axes[i].count;
  }
  return r;
}

void BroadcastRows::lengthen(bool x_constant, bool y_constant) {
  constexpr size_t enough = 1024;
  if (counts.size() != 1 || !x_step || !y_step || inner >= enough) return;
  const bool of_y = y_constant && !y_strides[0], of_x = x_constant && !x_strides[0];
  if (!of_x && !of_y) return;
  size_t times = std::min(rows, enough / std::max<size_t>(1, inner));
  while (times > 1 && rows % times) --times;
  if (times < 2) return;
  (of_y ? y_repeat : x_repeat) = times;
  inner *= times, rows /= times, counts[0] = rows;
  (of_y ? x_strides[0] : y_strides[0]) = inner;
}

}  // namespace toucanet
