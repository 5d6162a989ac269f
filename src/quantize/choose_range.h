#pragma once
// Ranges from histograms, and what a range costs.
#include "quantize/histogram.h"
#include "quantize/parameters.h"
#include "quantize/range_choice.h"

namespace toucanet {

/// The range that leaves (100 − percent) % of the values outside, half at each end; values lie evenly in their bins.
MinMax percentile_range(std::span<const Histogram::Bin>, double percent);
/// The range, no wider than `all`, whose stored values of `type` have the least mean square error.
MinMax mse_range(std::span<const Histogram::Bin>, MinMax all, DType type);
/// The same with the least Kullback-Leibler divergence of the values' distribution from that of the stored ones.
MinMax kl_range(std::span<const Histogram::Bin>, MinMax all, DType type);

/// What storing values as `type` with a range does to them.
struct RangeCost {
  double outside = 0;  ///< share of the values that are clipped
  double error = 0;    ///< mean square error, by rounding and clipping
  double signal = 0;   ///< mean square
  double sqnr_db() const;
};
RangeCost range_cost(std::span<const Histogram::Bin>, MinMax, DType type);

}  // namespace toucanet
