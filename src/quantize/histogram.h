#pragma once
// How often which values were seen: counts on a fixed logarithmic grid, so that no range has to be known before and
// counts of different samples can be added.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "kernels/histogram_f32/histogram_f32.h"

namespace toucanet {

/// Least and greatest of some values; low > high: there were none.
struct Extremes {
  float low = std::numeric_limits<float>::infinity(), high = -std::numeric_limits<float>::infinity();
  bool empty() const { return !(low <= high); }
  void join(const Extremes& o) { low = std::min(low, o.low), high = std::max(high, o.high); }
  bool operator==(const Extremes&) const = default;
};

/// Both signs, sixteen steps to a doubling (a step is the sign, the exponent and four bits of the mantissa of a
/// float32); zeros apart, and with them what is below 7.4e-40.
class Histogram {
 public:
  static constexpr uint32_t steps = 4080;  ///< of a sign: all finite float32
  /// Counts of one sign from step `first` on; no zero at either end.
  struct Side {
    uint32_t first = 0;
    std::vector<uint64_t> counts;
    bool operator==(const Side&) const = default;
    /// Counts of steps from `step` on.
    void add(uint32_t step, std::span<const uint64_t>, uint64_t times);
  };
  uint64_t zeros = 0;
  Side negative, positive;  ///< by the magnitude's step

  bool operator==(const Histogram&) const = default;
  /// Each of the values, which are finite.
  void add(std::span<const float>);
  /// Adds the counts `times` times.
  void merge(const Histogram&, uint64_t times = 1);
  uint64_t count() const;

  struct Bin {
    double low, high;  ///< of the values in it; equal for zeros
    uint64_t count;
  };
  /// Rising, without empty ones.
  std::vector<Bin> bins() const;
};

/// Counts values into a histogram, many at a time.
class HistogramCounter {
  std::vector<uint32_t> counts_;
  std::vector<uint64_t> sums_;
  const HistogramF32& kernel_;
  HistogramSeen seen_;
  void clear();
  Extremes look(std::span<const float>);

 public:
  static constexpr size_t block = 64, whole = 2048, rarest = 8;

  HistogramCounter();
  /// Least and greatest of the values, which wait for flush(), all counted; at most 2^31 may wait.
  Extremes count(std::span<const float>);
  /// The same, but beyond `whole` values one block in n/whole, at most `rarest`, is counted; which ones depends on n alone.
  Extremes count_some(std::span<const float>);
  /// Adds what waits. False: not all of it was finite, and nothing was added.
  bool flush(Histogram& to);
};

/// The magnitude at which a step begins.
double histogram_edge(uint32_t step);
/// The step of a finite number's magnitude.
uint32_t histogram_step(float);

}  // namespace toucanet
