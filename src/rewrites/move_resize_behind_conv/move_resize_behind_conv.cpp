#include "ops/resize_bilinear/resize_bilinear.h"
#include "ops/resize_nearest_neighbor/resize_nearest_neighbor.h"
#include "rewrites/pointwise.h"

namespace toucanet::rewrites {
namespace move_resize_behind_conv_ {
constexpr NodeVar<Conv2D> conv{"conv"};
constexpr AnyVar resize{"resize"};
constexpr Var x{"x"}, size{"size"}, w{"w"}, b{"b"};

Verdict when(const Match& m) {
  if (m.type(x).dtype != DType::F32 || m.root_type().dtype != DType::F32) return m.reject("the image is {}, not float32", name(m.type(x).dtype));
  if (auto why = not_pointwise(m.graph(), m.node(conv)); !why.empty()) return m.needless("{}", why);
  if (m.node(resize).is<ResizeBilinear>() && m.attrs(conv).fused_activation_function != Activation::None)
    return m.needless("an activation does not commute with interpolation");
  const Shape &from = m.shape(x), &to = m.shape(resize);
  if (!from.ranked() || !from[1].known() || !from[2].known() || !to[1].known() || !to[2].known()) return m.reject("the sizes of the images are not known");
  if (from[1].value() * from[2].value() >= to[1].value() * to[2].value()) return m.needless("the image is not enlarged: [{}] to [{}]", from.str(), to.str());
  if (m.constant(w)->dims[0] > m.constant(w)->dims[3])
    return m.needless("more channels would be resized: {} instead of {}", m.constant(w)->dims[0], m.constant(w)->dims[3]);
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  std::vector<Value> in = m.node(conv).inputs;
  in[0] = m[x];
  return {p.copy(m.node(resize), {p.copy(m.node(conv), std::move(in)), m[size]})};
}
}  // namespace move_resize_behind_conv_

extern const Rewrite move_resize_behind_conv;
constinit const Rewrite move_resize_behind_conv = {
    .name = "move_resize_behind_conv",
    .summary = "a 1x1 convolution of an enlarged image is made before the image is enlarged",
    .mathematics = "w·Σ tᵢxᵢ + b = Σ tᵢ(w·xᵢ + b), for the weights tᵢ of an interpolation sum to 1; the nearest element commutes with anything",
    .stage = Stage::Export,
    .pattern =
        [] {
          using namespace move_resize_behind_conv_;
          return conv(any_of<ResizeBilinear, ResizeNearestNeighbor>(resize, x, constant(size)).used_once(), constant(w), optional(b));
        },
    .when = move_resize_behind_conv_::when,
    .build = move_resize_behind_conv_::build,
    .progress = Progress::Lowers,
    .makes_values = true,
};
}  // namespace toucanet::rewrites
