#include "quantize/choose_range.h"

#include <cmath>

namespace toucanet {
namespace {
using Bins = std::span<const Histogram::Bin>;

// What integers of `type` stand for with the parameters of a range: multiples of `step` from low to high.
struct Grid {
  double low, high, step;
};
Grid grid_of(MinMax r, DType type) {
  const Quant q = activation_quant(r, type);
  const double s = static_cast<double>(q.scale[0]), z = static_cast<double>(q.zero_point[0]);
  const auto [least, most] = stored_limits(type);
  return {s * (least - z), s * (most - z), s};
}

// ∫ (t − nearest integer)² dt from 0 to u: 1/12 for each whole step.
double rounding_integral(double u) {
  const double r = std::round(u), f = u - r;
  return r / 12 + f * f * f / 3;
}

double square(double x) { return x * x; }

// Mean square distance of values that lie evenly between a and b from the grid.
double mean_error(double a, double b, const Grid& g) {
  const double width = b - a;
  if (width <= 1e-3 * g.step) {
    const double x = (a + b) / 2;
    if (x < g.low) return square(g.low - x);
    if (x > g.high) return square(x - g.high);
    return square(x - g.step * std::round(x / g.step));
  }
  double sum = 0;
  const auto cube = [](double x) { return x * x * x / 3; };
  if (a < g.low) sum += cube(g.low - a) - cube(std::max(0.0, g.low - b));
  if (b > g.high) sum += cube(b - g.high) - cube(std::max(0.0, a - g.high));
  const double from = std::max(a, g.low), to = std::min(b, g.high);
  if (from < to) sum += g.step * g.step * g.step * (rounding_integral(to / g.step) - rounding_integral(from / g.step));
  return sum / width;
}

double mean_square_error(Bins bins, MinMax r, DType type) {
  const Grid g = grid_of(r, type);
  double sum = 0, n = 0;
  for (const auto& b : bins) sum += static_cast<double>(b.count) * mean_error(b.low, b.high, g), n += static_cast<double>(b.count);
  return n > 0 ? sum / n : 0;
}

// How many values lie below x, for x that do not fall.
class Cumulative {
  Bins bins_;
  size_t at_ = 0;
  double below_ = 0;

 public:
  explicit Cumulative(Bins b) : bins_(b) {}
  /// Whether all from the last x to this one lies in one bin, or between two.
  bool even_until(double from, double x) const {
    if (at_ == bins_.size()) return true;
    return x <= bins_[at_].low || (from >= bins_[at_].low && x <= bins_[at_].high);
  }
  double operator()(double x) {
    for (; at_ < bins_.size() && bins_[at_].high <= x; ++at_) below_ += static_cast<double>(bins_[at_].count);
    if (at_ == bins_.size() || x <= bins_[at_].low) return below_;
    return below_ + static_cast<double>(bins_[at_].count) * (x - bins_[at_].low) / (bins_[at_].high - bins_[at_].low);
  }
};

// Σ p·log(p/q). p: the values' distribution, in pieces of a sixteenth of a step, with all beyond the range in the step at
// its end; q: each step's share of the values within, evenly over its pieces that are not empty. Zeros are stored as they are and do not count.
// A range that cuts must keep half of the values out of the steps that it cuts to: where nearly all are in one step, p and q are equal.
double divergence(Bins bins, MinMax r, DType type) {
  constexpr int pieces = 16;
  const Grid g = grid_of(r, type);
  const double low = std::max(g.low, bins.front().low), high = std::min(g.high, bins.back().high);
  double all = 0;
  for (const auto& b : bins) all += static_cast<double>(b.count);
  Cumulative below(bins);
  const double under = below(low);
  double from = under, sum = 0, first_mass = 0, last_mass = 0;
  const auto first = static_cast<int64_t>(std::floor(low / g.step + 0.5)), last = static_cast<int64_t>(std::ceil(high / g.step - 0.5));
  for (int64_t c = first; c <= last; ++c) {
    const double begin = std::max(low, (static_cast<double>(c) - 0.5) * g.step), end = std::min(high, (static_cast<double>(c) + 0.5) * g.step);
    const double before = from;
    if (!below.even_until(begin, end)) {
      double mass[pieces], total = 0;
      int used = 0;
      for (int k = 0; k < pieces; ++k) {
        const double to = below(begin + (end - begin) * (k + 1) / pieces);
        mass[k] = to - from, from = to;
        total += mass[k], used += mass[k] > 0;
      }
      for (double m : mass)
        if (m > 0) sum += m * std::log(m * used / total);
    } else {
      from = below(end);
    }
    const double total = from - before;
    if (c == first && under > 0) {
      if (total <= 0) return std::numeric_limits<double>::infinity();
      sum += (total + under) * std::log((total + under) / total);
    }
    if (c == first) first_mass = total;
    last_mass = total;
  }
  const double over = all - from > 1e-9 * all ? all - from : 0;
  const double apart = from - under - (under > 0 ? first_mass : 0) - (over > 0 ? last_mass : 0);
  if (under + over > 0 && apart < all / 2) return std::numeric_limits<double>::infinity();
  if (over > 0) {
    if (last_mass <= 0) return std::numeric_limits<double>::infinity();
    sum += (last_mass + over) * std::log((last_mass + over) / last_mass);
  }
  const double inside = from - under;
  return inside > 0 ? sum / all + std::log(inside / all) : std::numeric_limits<double>::infinity();
}

// The cheapest range that is no wider than `full`: both ends drawn in together, then each, first in steps of a sixth of a
// doubling, then finely around the best.
template <class Cost>
MinMax search(MinMax full, Cost&& cost) {
  constexpr int steps = 72, per_doubling = 6, fine = 8;
  MinMax best = full;
  double least = cost(full);
  const auto along = [&](auto&& range_at) {
    int at = 0;
    const auto attempt = [&](double factor) {
      const MinMax r = range_at(factor);
      const double c = cost(r);
      if (!(c < least)) return false;
      return least = c, best = r, true;
    };
    for (int j = 1; j <= steps; ++j)
      if (attempt(std::exp2(-static_cast<double>(j) / per_doubling))) at = j;
    for (int k = -fine + 1; k < fine; ++k)
      if (const double j = at + static_cast<double>(k) / fine; k && j > 0) attempt(std::exp2(-j / per_doubling));
  };
  along([&](double f) { return MinMax{full.min * f, full.max * f}; });
  if (full.min < 0 && full.max > 0)
    for (int round = 0; round < 2; ++round) {
      const double low = best.min;
      along([&](double f) { return MinMax{low, full.max * f}; });
      const double high = best.max;
      along([&](double f) { return MinMax{full.min * f, high}; });
    }
  return best;
}

MinMax with_zero(MinMax r) { return {std::min(0.0, r.min), std::max(0.0, r.max)}; }

}  // namespace

MinMax percentile_range(Bins bins, double percent) {
  if (bins.empty()) return {};
  double all = 0;
  for (const auto& b : bins) all += static_cast<double>(b.count);
  const double outside = all * (100 - percent) / 200;
  MinMax r{bins.back().high, bins.front().low};
  double seen = 0;
  for (auto b = bins.begin(); b != bins.end(); seen += static_cast<double>((b++)->count))
    if (const double n = static_cast<double>(b->count); seen + n > outside) {
      r.min = b->low + (b->high - b->low) * (outside - seen) / n;
      break;
    }
  seen = 0;
  for (auto b = bins.rbegin(); b != bins.rend(); seen += static_cast<double>((b++)->count))
    if (const double n = static_cast<double>(b->count); seen + n > outside) {
      r.max = b->high - (b->high - b->low) * (outside - seen) / n;
      break;
    }
  return r;
}

MinMax mse_range(Bins bins, MinMax all, DType type) {
  if (bins.empty()) return all;
  return search(with_zero(all), [&](MinMax r) { return mean_square_error(bins, r, type); });
}

MinMax kl_range(Bins with_zeros, MinMax all, DType type) {
  std::vector<Histogram::Bin> bins;
  for (const auto& b : with_zeros)
    if (b.high > b.low || b.low != 0) bins.push_back(b);
  // The steps of int16 are finer than those of the histogram: nothing is to be gained.
  if (type == DType::I16 || bins.empty()) return all;
  for (auto& b : bins)
    if (b.low == b.high) (b.low > 0 ? b.low : b.high) *= 1 - 1e-9;  // all in one place
  return search(with_zero(all), [&](MinMax r) { return divergence(bins, r, type); });
}

double RangeCost::sqnr_db() const { return error > 0 ? 10 * std::log10(signal / error) : std::numeric_limits<double>::infinity(); }

RangeCost range_cost(Bins bins, MinMax r, DType type) {
  const Grid g = grid_of(r, type);
  RangeCost cost;
  double all = 0;
  for (const auto& b : bins) {
    const double n = static_cast<double>(b.count);
    all += n;
    cost.error += n * mean_error(b.low, b.high, g);
    cost.signal += n * (b.low * b.low + b.low * b.high + b.high * b.high) / 3;
    const double low = g.low - g.step / 2, high = g.high + g.step / 2;  // what is nearer is only rounded
    if (b.high == b.low) cost.outside += b.low < low || b.high > high ? n : 0;
    else cost.outside += n * (std::max(0.0, std::min(b.high, low) - b.low) + std::max(0.0, b.high - std::max(b.low, high))) / (b.high - b.low);
  }
  if (all > 0) cost.outside /= all, cost.error /= all, cost.signal /= all;
  return cost;
}

}  // namespace toucanet
