#pragma once
#include "ops/movement.h"

namespace toucanet {

/// One spatial axis: depth, height or width.
struct SpatialAxis {
  int64_t stride, dilation;
};

/// What a transposed convolution gives, of output_shape, filter and input (operands 0 to 2), as far as it is known; an error if they
/// provably do not fit. filter_axis, filter_channels: the filter's first spatial axis, and the one of the result's channels.
inline Expected<Shape> gradient_shape(InferContext& c, Padding padding, std::span<const SpatialAxis> axes, size_t filter_axis, size_t filter_channels) {
  const Shape &w = c.shape(1), &x = c.shape(2);
  const size_t rank = axes.size() + 2;
  const auto list = ints_of(c, 0);
  Dims d = list && list->size() == rank ? *list : Dims(rank, Dim::unknown());
  for (const Dim& k : d)
    if (k.known() && k.value() < 0) return c.error("the output shape has the dimension {}", k.value());
  if (x.ranked()) {
    if (differ(d[0], x[0])) return c.error("the output has a batch of {}, the input of {}", d[0].str(), x[0].str());
    d[0] = meet(d[0], x[0]);
  }
  if (w.ranked()) {
    Dim& channels = d[rank - 1];
    if (differ(channels, w[filter_channels])) return c.error("the output has {} channels, the filter {}", channels.str(), w[filter_channels].str());
    channels = meet(channels, w[filter_channels]);
  }
  for (size_t i = 1; i <= axes.size() && x.ranked() && w.ranked(); ++i) {
    const Dim& kernel = w[filter_axis + i - 1];
    if (!kernel.known() || !d[i].known()) continue;
    const Dim n = window_output(d[i], kernel.value(), axes[i - 1].stride, axes[i - 1].dilation, padding);
    if (differ(n, x[i])) return c.error("axis {} of the output shape [{}] gives {} windows, the input has {}", i, Shape(d).str(), n.str(), x[i].str());
  }
  return Shape(std::move(d));
}

}  // namespace toucanet
