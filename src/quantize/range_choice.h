#pragma once
// How a range is taken from what was observed.
#include <cstdint>
#include <string_view>

namespace toucanet {

enum class RangeAlgorithm : uint8_t {
  MinMax,         ///< all values seen
  MovingAverage,  ///< of the samples' extremes, in the order of their indices
  Percentile,     ///< as many values outside as said, half at each end
  KL,             ///< the stored values tell the most about the distribution: least Kullback-Leibler divergence
  MSE,            ///< least mean square error of the stored values
};
inline constexpr std::string_view range_algorithm_names[] = {"minmax", "moving_average", "percentile", "kl", "mse"};

struct RangeChoice {
  RangeAlgorithm algorithm = RangeAlgorithm::MinMax;
  double percentile = 99.99;              ///< of RangeAlgorithm::Percentile: share of the values inside, in percent
  double moving_average_constant = 0.01;  ///< of RangeAlgorithm::MovingAverage: weight of each new sample
  bool operator==(const RangeChoice&) const = default;
};

}  // namespace toucanet
