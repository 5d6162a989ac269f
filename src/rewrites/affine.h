#pragma once
// What the folds into conv_2d, depthwise_conv_2d, fully_connected share: the layer, its channel axis, constants along it.
#include "ops/conv_2d/conv_2d.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"
#include "ops/fully_connected/fully_connected.h"
#include "ops/transpose_conv/transpose_conv.h"
#include "pipeline/rewrite.h"
#include "rewrites/activation.h"

namespace toucanet::rewrites {

/// The filter's axis of output channels: 0 for conv_2d and fully_connected, 3 for depthwise_conv_2d.
inline size_t channel_axis(const Node& layer) { return layer.is<DepthwiseConv2D>() ? 3 : 0; }

/// A constant that broadcasts against the layer's result along its last axis only: [C], [1,…,1,C] or one element.
/// Empty, or why it does not. The result must keep the layer's shape, so the constant's rank may not be larger.
inline std::string along_channels(const Shape& constant, const Shape& result) {
  if (!result.ranked() || !constant.is_static()) return "the shapes are not known";
  if (result.rank() == 0) return "a scalar has no channels";
  if (constant.rank() > result.rank()) return fmt::format("the constant [{}] has a higher rank than [{}]", constant.str(), result.str());
  for (size_t i = 0; i + 1 < constant.rank(); ++i)
    if (!constant[i].is(1)) return fmt::format("the constant [{}] differs along another axis than channels", constant.str());
  if (constant.elements().is(1)) return {};
  if (!same(constant[constant.rank() - 1], result[result.rank() - 1]))
    return fmt::format("the constant [{}] does not have one value for each channel of [{}]", constant.str(), result.str());
  return {};
}

/// A copy of the layer with other operands and an activation.
inline Value with_activation(Patch& p, const Node& layer, std::vector<Value> in, Activation a) {
  const auto copy = [&](auto attrs) { return attrs.fused_activation_function = a, attrs; };
  if (layer.is<Conv2D>()) return p.add<Conv2D>(std::move(in), copy(layer.as<Conv2D>()));
  if (layer.is<DepthwiseConv2D>()) return p.add<DepthwiseConv2D>(std::move(in), copy(layer.as<DepthwiseConv2D>()));
  if (layer.is<TransposeConv>()) return p.add<TransposeConv>(std::move(in), copy(layer.as<TransposeConv>()));
  return p.add<FullyConnected>(std::move(in), copy(layer.as<FullyConnected>()));
}

/// As a vector [C], one element repeated.
inline Value as_channels(Patch& p, const Tensor& constant, int64_t channels) {
  Tensor t = Tensor::zeros(DType::F32, {channels});
  const Tensor a = constant.aligned();
  const auto from = a.as<float>();
  auto to = t.as_mutable<float>();
  for (size_t i = 0; i < to.size(); ++i) to[i] = from[from.size() == 1 ? 0 : i];
  return p.constant(std::move(t));
}

}  // namespace toucanet::rewrites
