#pragma once
// What stored integers stand for, and histograms made fit to be drawn.
#include <optional>

#include "ir/type.h"
#include "quantize/choose_range.h"

namespace toucanet {

/// From the least to the greatest integer of `type`, by the scale and zero point of `channel`; symmetric for int16.
MinMax stored_range(const Quant&, DType type, size_t channel = 0);

/// What the file keeps beside a tensor: the range that somebody found, of all its channels together. nullopt: none, or no range.
std::optional<MinMax> kept_range(const TensorType&);

/// Counts in `n` columns of equal width over the range; values of a bin lie evenly in it. What lies outside is left out.
std::vector<double> columns(std::span<const Histogram::Bin>, MinMax, size_t n);
/// "▁▂▃▄▅▆▇█": a character a column, heights by the square root, so that tails are seen beside a peak. A blank: nothing there.
std::string blocks(std::span<const double> columns);

}  // namespace toucanet
